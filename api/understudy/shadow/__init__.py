"""
The shadow: scores recorded traffic with the versions that play it, and harms no one.

`process` follows the deployments, `crew` keeps a thread for each version, and a `version` takes
items from its `worklist` and has them scored by its `scorer`, which holds one `child` process after
the other by a `handle`.
"""
