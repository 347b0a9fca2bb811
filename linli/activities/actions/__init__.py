"""The verbs of activities. Each is one function, one transaction, one line in the journal.

planning  plan_series plan_occurrence move_occurrence cancel end_series extend_all
seats     sign_up assign withdraw            standing  claim give_back
hours     check_in check_out settle agree    capture   record finish_round
"""
