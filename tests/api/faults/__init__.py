"""What happens when something around the service breaks: each fault, what is seen, what is lost.

Everything here runs in every run at a small size, and at full size in `make faults`.
"""

import os

CAMPAIGN = "DOALLVET_FAULTS" in os.environ
