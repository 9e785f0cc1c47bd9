"""The whole way of the data, one step after another, with no orchestrator needed."""

from claims.pipeline.alert import with_alert
from claims.pipeline.night import load_desk, one_night, plan_night, step_back
from claims.pipeline.parts import PartOfNight, in_parts, life_of, verify_part
from claims.pipeline.plan import Plan, plan_run
from claims.pipeline.progress import Progress, silent
from claims.pipeline.publication import Published
from claims.pipeline.replay import differences, files_that_differ, plan_replay, replay_folder
from claims.pipeline.request import Request, make_request, require_ready
from claims.pipeline.running import Step, go_through, run_plan, verdict_lines, verify
from claims.pipeline.verification import Finished, Verification

__all__ = [
    "Finished",
    "PartOfNight",
    "Plan",
    "Progress",
    "Published",
    "Request",
    "Step",
    "Verification",
    "differences",
    "files_that_differ",
    "go_through",
    "in_parts",
    "life_of",
    "load_desk",
    "make_request",
    "one_night",
    "plan_night",
    "plan_replay",
    "plan_run",
    "replay_folder",
    "require_ready",
    "run_plan",
    "silent",
    "step_back",
    "verdict_lines",
    "verify",
    "verify_part",
    "with_alert",
]
