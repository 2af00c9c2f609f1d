"""Types that are hardly more than a record here: composite alarms, backup selections, lifecycle policies of volumes."""

import json

import ministack.services.backup as backup
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudwatch as cloudwatch
from ministack.core.responses import get_account_id, get_region, new_uuid

from patching import refuse


def _alarm_name(properties, stack_name, logical_id):
    return properties.get("AlarmName") or provisioners._physical_name(stack_name, logical_id, max_len=255)


def _put_alarm(name, properties):
    refuse(cloudwatch._put_composite_alarm({}, {**properties, "AlarmName": name}, False, is_json=True))
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def _alarm_create(logical_id, properties, stack_name):
    return _put_alarm(_alarm_name(properties, stack_name, logical_id), properties)


def _alarm_update(physical_id, _old, new, _stack_name):
    return _put_alarm(physical_id, new)


def _alarm_delete(physical_id, _properties):
    cloudwatch._composite_alarms.pop(physical_id, None)


def _selection_create(_logical_id, properties, _stack_name):
    asked = properties.get("BackupSelection") or {}
    _status, _headers, body = refuse(
        backup._create_selection(properties.get("BackupPlanId"), {"BackupSelection": asked})
    )
    selection_id = json.loads(body)["SelectionId"]
    attributes = {"BackupPlanId": properties["BackupPlanId"], "SelectionId": selection_id, "Id": selection_id}
    return f"{selection_id}_{properties['BackupPlanId']}", attributes


def _selection_delete(physical_id, properties):
    backup._delete_selection(properties.get("BackupPlanId"), physical_id.partition("_")[0])


def _policy_attributes(policy_id):
    return policy_id, {"Arn": f"arn:aws:dlm:{get_region()}:{get_account_id()}:policy/{policy_id}"}


TYPES = {
    "AWS::Backup::BackupSelection": {"create": _selection_create, "delete": _selection_delete},
    "AWS::CloudWatch::CompositeAlarm": {"create": _alarm_create, "update": _alarm_update, "delete": _alarm_delete},
    # There is no service of this name here: the stack's own record is all of it.
    "AWS::DLM::LifecyclePolicy": {
        "create": lambda *_asked: _policy_attributes("policy-0" + new_uuid().replace("-", "")[:16]),
        "update": lambda physical_id, *_asked: _policy_attributes(physical_id),
        "delete": lambda *_asked: None,
    },
}


def install():
    provisioners._RESOURCE_HANDLERS.update(TYPES)
