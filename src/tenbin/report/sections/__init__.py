"""Sections of the report, one per file, in the order in which they stand in the page."""

ORDER = (
    "answer",
    "argument",
    "summary",
    "verdicts",
    "policies",
    "consistency",
    "claims",
    "scenario",
    "models",
    "outcomes",
    "solving",
    "methods",
)
