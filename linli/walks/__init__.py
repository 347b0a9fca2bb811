"""The demonstration walked through in a real browser: what a resident and a manager meet.

The walks are acceptance tests of the first issue. They build the invented county once, start the
server and the worker that everybody starts, and drive Debian's Chromium. Every page they open must
keep quiet: no word on the console, no broken policy, no request to anybody else, no error 5xx.

    pytest linli/walks                          about three minutes
    LINLI_WALKS_GROUND=data/demo pytest …       a copy of a county that is built already
    LINLI_WALKS_PICTURES=shots pytest …         keeps a picture of every page that is looked at
"""
