"""One small file per tool. Each has the same five functions.

`setup()` imports the tool; `plan(checks)` writes the checks its way; `build(records, plan)` makes what it evaluates;
`evaluate(built)` runs it; `passes(result)` reads how many records passed each check.
"""
