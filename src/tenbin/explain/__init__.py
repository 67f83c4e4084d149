"""Why a verdict is what it is: what a claim hangs on, from the worlds of a run."""

from tenbin.explain.counterexample import Change, Counterexample, Flip, find_counterexample
from tenbin.explain.counterexample_words import counterexample_sentences
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
from tenbin.explain.world import WorldPlace, walk_claim, walk_models
from tenbin.explain.world_words import world_lines

__all__ = [
    "Change",
    "Counterexample",
    "Evidence",
    "Flip",
    "Hinge",
    "HingeBox",
    "Index",
    "Input",
    "Interaction",
    "Region",
    "Restriction",
    "Sensitivity",
    "WorldPlace",
    "counterexample_sentences",
    "explain_words",
    "find_counterexample",
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
    "walk_claim",
    "walk_models",
    "world_lines",
]
