"""
Differential tests: the same requests to two builds of the service, answer against answer.

Reading order: `command` (what can be asked), `session` (what happens), `recording` (how a build is
asked), `differences` (how answers are compared), `verdict` (what that means).
"""
