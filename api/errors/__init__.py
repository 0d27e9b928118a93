"""What can go wrong, a class for each fact, built from the data of the case; a module a noun."""

from api.errors.accounts import *
from api.errors.base import *
from api.errors.calls import *
from api.errors.consents import *
from api.errors.covers import *
from api.errors.decisions import *
from api.errors.groups import *
from api.errors.lists import *
from api.errors.pages import *
from api.errors.proposals import *
from api.errors.provisions import *
from api.errors.records import *
from api.errors.reference import *
from api.errors.requests import *
from api.errors.rights import *
from api.errors.rounds import *
from api.errors.sealing import *
from api.errors.settings import *
from api.errors.support import *
