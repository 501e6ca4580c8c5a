# Nerk with the attention that its description names: over channels.
from .nerk import *  # noqa: F403

options = {"attention": "channels"}
