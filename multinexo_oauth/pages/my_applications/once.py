"""Remember the forms whose answer showed a secret, so that one sent again does not do its work again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

SESSION_KEY = "multinexo_oauth_submissions"
KEPT = 50


@dataclass
class Submission:
    """One form as it was sent. `client_id` is the application that it was for, once its work is done."""

    client_id: str | None

    @property
    def is_done(self) -> bool:
        return self.client_id is not None


@contextmanager
def once(request: HttpRequest, submission_id: str) -> Iterator[Submission]:
    """Run the body in a transaction, in which it does the work unless it is done and then sets `client_id`.

    A person's requests take turns, so that two clicks find each other. Raises Http404 where the account is gone.
    """
    with transaction.atomic():
        get_object_or_404(get_user_model()._default_manager.select_for_update(), pk=str(request.user.pk))
        # Not what request.session holds, which was read before the lock.
        known: dict[str, str] = request.session.load().get(SESSION_KEY, {})
        submission = Submission(known.get(submission_id))
        already = submission.is_done
        yield submission
        if submission_id and submission.client_id and not already:
            latest = [*known.items(), (submission_id, submission.client_id)][-KEPT:]
            request.session[SESSION_KEY] = dict(latest)
            request.session.save()
