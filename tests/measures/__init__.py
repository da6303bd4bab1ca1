"""Figures, measured on this machine: run as modules, print a table, assert nothing.

what                                                            budget      measured
AWS calls of a plain middle attempt                             7           7 (tests/pipeline/test_budget.py)
CPU of an attempt beside the same calls bare, thumbnail apart   1.15 ×      0.76 × (2026-11-28, measures.attempt)
peak memory of an attempt beside the model's reply              3 ×         2.77 × (2026-11-28; bare boto3: 3.76 ×)
cold start beside boto3 with three clients, empty handler       1.25 ×      1.14 × (2026-11-28, measures.cold_start)
orchestration of nine attempts at list prices                   $0.00016    $0.000162: missed by $0.000002, since the
                                                                            report is one PutObject more
"""
