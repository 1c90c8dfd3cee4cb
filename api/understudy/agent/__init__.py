"""The agent: ships spools to the prediction log and brings deployments to the api workers."""

from understudy.agent.run import run_agent

__all__ = ["run_agent"]
