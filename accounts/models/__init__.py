from accounts.models.api_key import ApiKey
from accounts.models.factor_reset import FactorReset
from accounts.models.mail import MailChoice
from accounts.models.privacy import Consent, DataExport, Erasure, SignIn, TextVersion
from accounts.models.user import User, UserManager, validate_time_zone

__all__ = [
    "ApiKey",
    "Consent",
    "DataExport",
    "Erasure",
    "FactorReset",
    "MailChoice",
    "SignIn",
    "TextVersion",
    "User",
    "UserManager",
    "validate_time_zone",
]
