"""Reports that people keep under a name, and to whom each is sent by e-mail, when.

Owns ``saved_reports_report`` and ``saved_reports_schedule``. What a report asks (its *plan*) is text here: which
metrics there are and what goes with what is measurement's, so doors read and check it before it is kept. A schedule is
one person's, in the advertiser's zone; ``rules`` says when its next moment is. A report is gone with its schedules when
it is deleted. Every member who may read an advertiser's figures reads its reports; whoever made one, an administrator
and a campaign operator change and delete it (``rules.may_change``), as the host does.

Announces ``report_written`` and ``report_failed``, of a file that somebody asked for and that took a while.
"""
