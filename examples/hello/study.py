"""The smallest study: a choice, a question, a donation."""

# /// script
# [tool.sidestage]
# title = { en = "Hello", nl = "Hallo" }
#
# [tool.sidestage.session-data]
# name = { en = "The name that you chose, if you agree", nl = "De naam die je koos, als je dat goedvindt" }
# ///

from sidestage import flow


def process(session):
    """Ask what the participant would like to be called, and donate it."""
    name = yield flow.ask_choice({"en": "What shall we call you?", "nl": "Hoe zullen we je noemen?"}, ["Alex", "Sam"])
    if (yield flow.confirm({"en": f"Hello, {name}! Donate this name?", "nl": f"Hallo, {name}! Deze naam doneren?"})):
        yield flow.donate("name", {"name": name})
    yield flow.show_text({"en": f"Thank you, {name}.", "nl": f"Dank je wel, {name}."})
