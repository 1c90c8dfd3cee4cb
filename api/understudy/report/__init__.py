"""
The analysis of one shadow as a page: the notebook executed, its words, tables and pictures.

`writing` executes `notebooks/shadow_analysis.py`, which computes nothing: figures come from
`review` and `comparison`, and the modules here say and draw them.
"""
