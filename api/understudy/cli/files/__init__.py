"""
Commands on anyone's files: `understudy drift` and `understudy pairs`, without service or database.

    table, delimited    a CSV or Parquet file as named columns, read one at a time
    cells               what a column holds (numbers, labels, times), and the cells that do not fit
    drift, sides        two files column by column
    pairs, asked        the options; task, answers, evidence: what they make of the file
    terms               the policy, with margins from live's own errors in the file
"""
