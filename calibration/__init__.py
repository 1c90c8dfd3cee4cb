"""
Calibration: how often the comparison errs when nothing is wrong, and how soon it sees what is.

`make calibrate` simulates STATISTICS ("Proof that it holds") through the public functions of
`understudy.comparison` and writes docs/calibration.md. A `Case` is one line of that proof: a
function from a random generator to a `Run`. `running` repeats it, `judging` holds the counts
against their levels, `page` writes them down.

    mixed_columns, nothing_changed     part 1: drift without any change
    scenes, limits                     part 2: the gate exactly at each limit
    blocks                             part 3: windows of ninety days
    promotion, shifts                  part 4: how soon what is true is seen

`arithmetic` is the rule of the guards a second time, for all numbers of units at once and without
any code of the product: it tells at which asks something is decided. Those asks, and a sample of
the others, are put to `compare`, whose answer counts and must be the same.
"""
