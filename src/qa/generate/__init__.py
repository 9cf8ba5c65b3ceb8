"""Optional wording of answers by a language model, every sentence checked against what it cites."""

from qa.generate.endpoint import ChatEndpoint, Endpoint
from qa.generate.prompt import NOT_FOUND
from qa.generate.verify import Verified, Verifier
from qa.generate.wording import word

__all__ = ["NOT_FOUND", "ChatEndpoint", "Endpoint", "Verified", "Verifier", "word"]
