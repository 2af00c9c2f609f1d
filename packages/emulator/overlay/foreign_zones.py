"""A hosted zone that a template names by id belongs to the person's account, where it lives long before Jenkins.

A rehearsal has no such account, so the zone is there as soon as a record is put into it. A certificate validated
against it needs nothing: certificates are issued at once.
"""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.route53 as route53


def _adopt(properties):
    if not properties.get("HostedZoneId"):
        return
    zone_id = provisioners._r53_resolve_hosted_zone_id(properties)
    with route53._lock:
        if zone_id in route53._zones:
            return
        # The record is below the zone, and nothing else says what the zone is called.
        name = route53._normalise_name(properties.get("Name", "").partition(".")[2])
        route53._zones[zone_id] = {
            "id": zone_id,
            "name": name,
            "caller_reference": f"rehearsal-{zone_id}",
            "comment": "named by a template, made for the rehearsal",
            "private": False,
            "vpcs": [],
        }
        route53._records[zone_id] = route53._default_records(name)


def _after_adoption(original, properties_at):
    def handle(*arguments):
        _adopt(arguments[properties_at])
        return original(*arguments)

    return handle


def install():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Route53::RecordSet"]
    handlers["create"] = _after_adoption(handlers["create"], 1)
    handlers["update"] = _after_adoption(handlers["update"], 2)
