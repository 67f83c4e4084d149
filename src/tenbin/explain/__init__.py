"""Why a verdict is what it is: what a claim hangs on, from the worlds of a run."""

from tenbin.explain.evidence import (
    Evidence,
    Input,
    judged_policies,
    policies_alike,
    read_evidence,
)
from tenbin.explain.hinge import Hinge, HingeBox, Restriction, find_hinge, hinge_of
from tenbin.explain.hinge_words import explain_words, hinge_sentences
from tenbin.explain.regions import Region, find_region, region_of, region_picture
from tenbin.explain.sensitivity import (
    Index,
    Interaction,
    Sensitivity,
    find_sensitivity,
    sensitivity_of,
)
from tenbin.explain.sensitivity_words import sensitivity_sentences

__all__ = [
    "Evidence",
    "Hinge",
    "HingeBox",
    "Index",
    "Input",
    "Interaction",
    "Region",
    "Restriction",
    "Sensitivity",
    "explain_words",
    "find_hinge",
    "find_region",
    "find_sensitivity",
    "hinge_of",
    "hinge_sentences",
    "judged_policies",
    "policies_alike",
    "read_evidence",
    "region_of",
    "region_picture",
    "sensitivity_of",
    "sensitivity_sentences",
]
