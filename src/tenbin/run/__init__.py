"""Jobs times worlds in chunks: planned, solved, certified, stored."""

from tenbin.run.central import SolvedModel, bind_worlds, solve_central, solve_worlds
from tenbin.run.chunk import Chunk
from tenbin.run.execute import execute
from tenbin.run.jobs import Job, Link, Plan, PlannedJob, Request, make_plan
from tenbin.run.options import RunOptions
from tenbin.run.progress import Progress, ProgressCallback
from tenbin.run.settings import bare_call, overlay, policy_setting, set_values
from tenbin.run.solved import Outcome, SolvedJob
from tenbin.run.store import RunFolder, part_paths, read_columns, read_manifest
from tenbin.run.summary import JobSummary, RunSummary
from tenbin.scenario.language import Setting

__all__ = [
    "Chunk",
    "Job",
    "JobSummary",
    "Link",
    "Outcome",
    "Plan",
    "PlannedJob",
    "Progress",
    "ProgressCallback",
    "Request",
    "RunFolder",
    "RunOptions",
    "RunSummary",
    "Setting",
    "SolvedJob",
    "SolvedModel",
    "bare_call",
    "bind_worlds",
    "execute",
    "make_plan",
    "overlay",
    "part_paths",
    "policy_setting",
    "read_columns",
    "read_manifest",
    "set_values",
    "solve_central",
    "solve_worlds",
]
