"""The clinic: small VAEs that were trained with one wrong line each, and healthy ones to compare.

They are no runs: they have no `RunConfig`, no digest and no weights, and `vaedemo.load` refuses their folders.
`python -m vaedemo.clinic` trains them anew.
"""
