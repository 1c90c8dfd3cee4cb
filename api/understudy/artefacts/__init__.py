"""
Packaged models: what an artefact says of itself, how it is checked, kept and fetched.

Read `schema` (what an instance holds), `manifest` (what is in an artefact), `artefact` (one in a
folder, verified) and `store` (many behind any fsspec URL), in that order. Artefacts are made in
`understudy.packaging`.
"""
