"""Every overlay of MiniStack, in the order in which they are installed: a later one wraps what an earlier one made."""

import alarms
import auto_scaling
import auto_scaling_api
import auto_scaling_types
import aws_error
import backup_vaults
import call_record
import change_set_rules
import compute_types
import dependencies
import drift_readers
import execution
import faults
import foreign_zones
import handler_operations
import health_marks
import identity_types
import instance_refresh
import instances
import lifecycle_hooks
import light_models
import load_balancers
import nested_stacks
import network_checks
import network_interfaces
import network_types
import operation_events
import parameter_checks
import public_parameters
import record_types
import refusals
import replacement_rules
import resolved_parameters
import s3_conditions
import service_checks
import service_roles
import stack_events
import stack_lifecycle
import stack_policy
import stack_tags
import state_keeper
import tag_filters
import tagged_resources
import target_health
import template_sources

OVERLAYS = (
    execution,
    light_models,
    refusals,
    aws_error,
    network_interfaces,
    instances,
    target_health,
    auto_scaling,
    auto_scaling_api,
    auto_scaling_types,
    lifecycle_hooks,
    instance_refresh,
    health_marks,
    foreign_zones,
    network_types,
    compute_types,
    record_types,
    identity_types,
    load_balancers,
    network_checks,
    service_checks,
    dependencies,
    parameter_checks,
    replacement_rules,
    public_parameters,
    alarms,
    s3_conditions,
    tag_filters,
    backup_vaults,
    template_sources,
    change_set_rules,
    service_roles,
    nested_stacks,
    stack_tags,
    tagged_resources,
    drift_readers,
    stack_policy,
    stack_lifecycle,
    stack_events,
    operation_events,
    resolved_parameters,
    handler_operations,
    faults,
    call_record,
    state_keeper,
)
