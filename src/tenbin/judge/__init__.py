"""Claims become verdicts: what to ask of the models, what the answers mean, in how many worlds."""

from tenbin.judge.check import check_claims, check_scenario
from tenbin.judge.diff import diff_runs
from tenbin.judge.exports import to_ema, to_pandas, to_polars, to_xarray
from tenbin.judge.reach import reaching_uncertainties, share_reading
from tenbin.judge.requests import claim_requests
from tenbin.judge.tables import run_tables
from tenbin.judge.tally import Tally

__all__ = [
    "Tally",
    "check_claims",
    "check_scenario",
    "claim_requests",
    "diff_runs",
    "reaching_uncertainties",
    "run_tables",
    "share_reading",
    "to_ema",
    "to_pandas",
    "to_polars",
    "to_xarray",
]
