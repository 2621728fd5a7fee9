"""The egress guard: which addresses downloads may reach, and the proxy that enforces it.

`EgressPolicy` is the rule as a library, `EgressGuard` the proxy; see their modules.
"""

from magpie.kit.egress.errors import (
    EgressError,
    EgressRefused,
    EgressUnreachable,
    EgressUnresolved,
    RefusalReason,
)
from magpie.kit.egress.guard import EgressGuard
from magpie.kit.egress.limits import GuardLimits
from magpie.kit.egress.passes import EgressAccess, HostTally, Refusal
from magpie.kit.egress.policy import EgressPolicy, Target, system_resolver

__all__ = [
    "EgressAccess",
    "EgressError",
    "EgressGuard",
    "EgressPolicy",
    "EgressRefused",
    "EgressUnreachable",
    "EgressUnresolved",
    "GuardLimits",
    "HostTally",
    "Refusal",
    "RefusalReason",
    "Target",
    "system_resolver",
]
