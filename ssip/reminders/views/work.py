"""The one page of work to do that belongs to no record: saying that a task is not mine."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssip.core.doors import PersonsRequest
from ssip.reminders import workflow
from ssip.reminders.forms.work import NotMineForm
from ssip.reminders.models import Task


def not_mine(request: PersonsRequest, pk: int) -> HttpResponse:
    """Somebody else's task does not exist, as far as this person can tell."""
    task = get_object_or_404(Task.objects.mine(request.user), pk=pk)
    form = NotMineForm(request.POST or None)
    if not form.is_valid():
        return render(request, "reminders/not_mine.html", {"task": task, "form": form})

    try:
        workflow.hand_back(task, by=request.user, word=form.cleaned_data["word"])
    except (workflow.NobodyElse, workflow.WrongState) as kept:
        messages.warning(request, str(kept))
    else:
        messages.success(request, "You have handed it back. The others who can do it still have it in their work.")
    return redirect("work")
