"""The whole of Understudy on one machine, as child processes of one command."""

from understudy.stack.up import up

__all__ = ["up"]
