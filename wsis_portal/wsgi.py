import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from wsis_portal.requests.capacity import Limiter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
os.environ.setdefault(
    "WSIS_PROCESS", "web"
)  # how patient it is with the database (settings.py)
application = Limiter(get_wsgi_application())
_ = (
    get_resolver().url_patterns
)  # import all views now, not while the first reader waits
# What is loaded by now stays. Looking through it for waste again and again took a fifth of a second
# each time, and some reader waited for it.
gc.collect()
gc.freeze()
