"""A decision in words, French and English: who could be shown, what left and why, who won, and what it costs.

Read by operators and advertisers, and by whoever asks why they saw an ad. A table of sentences of its own, since what
decides knows no Django; both languages say the same, and a test holds them side by side.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from attise.records.decision import Contender, Decision, NoAd
from attise.records.drops import Drop
from attise.records.lookups import currencies
from attise.serving.delivery.explain import Explained

Language = Literal["fr", "en"]
COMMON: Final = "EUR"
MICROS: Final = 1_000_000
_FINEST: Final = 6
"""Decimals of an amount: a price of one impression is a fraction of a cent."""

DROPS: Final[dict[Drop, tuple[str, str]]] = {
    Drop.NOT_LIVE: ("arrêtée depuis son chargement", "stopped since it was loaded"),
    Drop.SCHEDULE: ("hors de son calendrier", "outside its schedule"),
    Drop.DAYPART: ("hors de ses heures de diffusion", "outside its hours of the week"),
    Drop.GRANT_WINDOW: ("l’autorisation du créateur n’est pas en cours", "the creator’s grant is not in force"),
    Drop.GRANT_COUNTRY: ("le créateur n’autorise pas ce pays", "the creator does not allow this country"),
    Drop.GRANT_OBJECTIVE: ("le créateur refuse cet objectif", "the creator refuses this objective"),
    Drop.GRANT_CATEGORY: ("le créateur refuse cette catégorie", "the creator refuses this category"),
    Drop.CATEGORY_GATE: (
        "catégorie réservée aux personnes que l’on sait majeures",
        "its category is for people known to be adults",
    ),
    Drop.PROFILING: (
        "demande un profilage que cette personne n’a pas accepté ou ne peut pas accepter",
        "asks for profiling that this person has not agreed to, or may not",
    ),
    Drop.LOCATION: ("autre lieu", "another place"),
    Drop.LANGUAGE: ("autre langue", "another language"),
    Drop.AGE: ("autre âge, ou âge inconnu", "another age, or an unknown one"),
    Drop.GENDER: ("autre genre, ou genre inconnu", "another gender, or an unknown one"),
    Drop.OPERATING_SYSTEM: ("autre système", "another operating system"),
    Drop.DEVICE_PRICE: ("prix de l’appareil hors de la fourchette", "the device’s price is outside its range"),
    Drop.INTERESTS: ("centres d’intérêt différents", "other interests"),
    Drop.BEHAVIOURS: ("rien de tel n’a été regardé récemment", "nothing of the kind was watched lately"),
    Drop.AUDIENCE: ("hors de son audience", "not in its audience"),
    Drop.EXCLUDED_AUDIENCE: ("dans une audience exclue", "in an excluded audience"),
    Drop.FOLLOWERS: (
        "réservée aux abonnés du créateur, ou à ceux qui ne le sont pas",
        "for the creator’s followers alone, or for all but them",
    ),
    Drop.SCAN_LIMIT: ("valeur estimée trop basse pour être examinée", "of too low an estimated worth to be looked at"),
    Drop.OWN_AD: ("annonce de la personne elle-même", "this person’s own ad"),
    Drop.HIDDEN: ("masquée ou signalée par cette personne", "hidden or reported by this person"),
    Drop.BRAND_SAFETY: (
        "contenus voisins non acceptés par l’annonceur",
        "its advertiser does not accept the neighbours",
    ),
    Drop.SPLIT_TEST: (
        "cette personne voit l’autre côté d’un test de l’annonceur",
        "this person is shown the other side of its advertiser’s test",
    ),
    Drop.FREQUENCY_AD: ("déjà assez vue", "seen often enough"),
    Drop.FREQUENCY_CAMPAIGN: ("campagne déjà assez vue", "its campaign was seen often enough"),
    Drop.FREQUENCY_ADVERTISER: ("annonceur déjà assez vu", "its advertiser was seen often enough"),
    Drop.FREQUENCY_GROUP: (
        "déjà vue autant de fois que le groupe d’annonces le demande",
        "seen as often as its ad group asks for",
    ),
    Drop.ADVERTISER_GAP: (
        "une annonce du même annonceur vient d’être montrée",
        "an ad of the same advertiser was just shown",
    ),
    Drop.SAME_ADVERTISER: (
        "une annonce du même annonceur est déjà dans la réponse",
        "an ad of the same advertiser is in this answer already",
    ),
    Drop.TOTALS_STALE: ("dépenses inconnues depuis trop longtemps", "what is spent has not been known for too long"),
    Drop.BUDGET_CAMPAIGN: ("budget de la campagne épuisé", "the campaign’s budget is used up"),
    Drop.BUDGET_ADGROUP: ("budget du groupe d’annonces épuisé", "the ad group’s budget is used up"),
    Drop.BALANCE: ("solde de l’annonceur insuffisant", "the advertiser’s balance does not cover it"),
    Drop.GRANT_SPEND_CAP: ("plafond de dépense du créateur atteint", "the creator’s spending cap is reached"),
    Drop.PACED: ("gardée pour plus tard dans la journée", "held back for later in the day"),
    Drop.HOLDOUT: (
        "aurait gagné ; cette personne est dans le groupe témoin de la campagne",
        "would have won; this person is in the campaign’s holdout",
    ),
    Drop.NO_BID: ("aucune offre utilisable", "no bid that could be used"),
    Drop.RESERVE: ("offre sous le prix de réserve", "its offer is below the reserve price"),
    Drop.ATTENTION: ("valeur sous le prix de l’attention", "its worth is below the price of attention"),
    Drop.OUTBID: ("une autre valait davantage", "another was worth more"),
}
"""What each reason is called, of one ad: French, English."""
NO_AD: Final[dict[NoAd, tuple[str, str]]] = {
    NoAd.NONE_ELIGIBLE: (
        "Aucune annonce n’est destinée à cette personne, à cet endroit et à ce moment.",
        "No ad is meant for this person, in this place, at this moment.",
    ),
    NoAd.ALL_DROPPED: (
        "Toutes les annonces trouvées ont été écartées.",
        "Every ad that was found left the contest.",
    ),
    NoAd.BELOW_RESERVE: (
        "La meilleure offre était sous le prix de réserve.",
        "The best offer was below the reserve price.",
    ),
    NoAd.BELOW_ATTENTION: (
        "La meilleure annonce valait moins que l’attention qu’elle demande.",
        "The best ad was worth less than the attention it asks for.",
    ),
    NoAd.SEEN_ENOUGH: (
        "Cette personne a vu assez d’annonces cette semaine.",
        "This person has seen enough ads this week.",
    ),
    NoAd.AFTER_HIDE: (
        "Cette personne vient de masquer une annonce : aucune n’est montrée pendant quelques vidéos.",
        "This person has just hidden an ad: none is shown for some videos.",
    ),
    NoAd.HOLDOUT: (
        "Les annonces qui auraient gagné ne sont pas montrées à cette personne : elle est dans leur groupe témoin.",
        "The ads that would have won are not shown to this person, who is in their holdout.",
    ),
}
"""What each reason for no ad is called: French, English."""
BILLED: Final[dict[str, tuple[str, str]]] = {
    "CPM": ("une impression", "an impression"),
    "OCPM": ("une impression", "an impression"),
    "CPC": ("un clic", "a click"),
    "CPV": ("une vue", "a view"),
}
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "considered": (
        "{live} annonces en diffusion, {found} arrivées à l’enchère.",
        "{live} ads running, {found} brought to the contest.",
    ),
    "dropped": ("Écartées : {reasons}.", "Left out: {reasons}."),
    "reason": ("{reason} ({count})", "{reason} ({count})"),
    "winner": (
        "L’annonce {ad} gagne : elle offre {offer} pour 1 000 impressions, et vaut {liked} pour la personne.",
        "Ad {ad} wins: its offer is {offer} for 1,000 impressions, its worth to the person {liked}.",
    ),
    "chances": (
        "Estimations : clic {click}, vue de 6 secondes {view}, masquage ou passage immédiat {negative}.",
        "Estimates: click {click}, 6-second view {view}, hidden or skipped at once {negative}.",
    ),
    "pace": (
        "La répartition du budget lui laisse offrir {pace} de son enchère.",
        "Pacing lets it offer {pace} of its bid.",
    ),
    "explored": (
        "Elle est nouvelle : son classement repose sur un tirage, son prix sur l’estimation moyenne.",
        "It is new: its rank rests on a draw, its price on the mean estimate.",
    ),
    "runner_up": (
        "La suivante, l’annonce {ad}, valait {value} pour 1 000 impressions.",
        "The next one, ad {ad}, was worth {value} for 1,000 impressions.",
    ),
    "alone": ("Aucune autre annonce n’était en lice.", "No other ad stood."),
    "price": (
        "Elle paie {price} pour {event} : la plus petite enchère qui valait encore cette place.",
        "It pays {price} for {event}: the least bid that was still worth the slot.",
    ),
    "ghost": (
        "L’annonce {ad} aurait gagné ; la personne est dans le groupe témoin de sa campagne.",
        "Ad {ad} would have won; the person is in its campaign’s holdout.",
    ),
    "unknown": (
        "L’annonce {ad} n’est pas parmi celles qui peuvent être diffusées.",
        "Ad {ad} is not among those that may run.",
    ),
    "won": ("L’annonce {ad} a gagné cette place.", "Ad {ad} won this slot."),
    "against": ("L’annonce {ad} n’a pas gagné : {reasons}.", "Ad {ad} did not win: {reasons}."),
    "worth": (
        "Elle valait {value} pour 1 000 impressions, dont {offer} d’offre ; la gagnante, {best}.",
        "It was worth {value} for 1,000 impressions, {offer} of it offered; the winner, {best}.",
    ),
    "worth_alone": (
        "Elle valait {value} pour 1 000 impressions, dont {offer} d’offre.",
        "It was worth {value} for 1,000 impressions, {offer} of it offered.",
    ),
    "rank": ("Rang parmi les annonceurs en lice : {rank}.", "Rank among the advertisers that stood: {rank}."),
    "no_memory": (
        "Ce que la personne avait déjà vu n’est plus connu : les plafonds de répétition n’ont pas pu être vérifiés.",
        "What the person had seen before is no longer known: frequency caps could not be checked.",
    ),
}


def in_words(decision: Decision) -> dict[str, str]:
    """Return a decision in words, by language."""
    return {"fr": " ".join(sentences_of(decision, "fr")), "en": " ".join(sentences_of(decision, "en"))}


def sentences_of(decision: Decision, language: Language) -> list[str]:
    """Return a decision in words, sentence by sentence."""
    say = _Speaker(language)
    told = []
    if decision.no_ad is not None:
        told.append(say.of(NO_AD[decision.no_ad]))
    if decision.found or decision.no_ad is None:
        told.append(say("considered", live=say.count(decision.live), found=say.count(decision.found)))
    winner, claims = decision.winner, decision.claims
    if winner is not None and claims is not None:
        offer, liked = say.common(winner.offer), say.common(winner.user_value)
        told.append(say("winner", ad=winner.ad_id, offer=offer, liked=liked))
        told += _standing(winner, say)
        runner_up = decision.runner_up
        if runner_up is None:
            told.append(say("alone"))
        else:
            told.append(say("runner_up", ad=runner_up.ad_id, value=say.common(runner_up.rank_value)))
        price = say.money(claims.price_micros, claims.currency)
        told.append(say("price", price=price, event=say.of(BILLED[claims.billing_event])))
    told += [say("ghost", ad=ghost.ad_id) for ghost in decision.ghosts]
    if decision.dropped:
        reasons = [
            say("reason", reason=say.of(DROPS[Drop(number)]), count=say.count(count))
            for number, count in decision.dropped
        ]
        told.append(say("dropped", reasons=", ".join(reasons)))
    return told


def sentences_of_ad(explained: Explained, language: Language) -> list[str]:
    """Return why an ad did not win, or did, sentence by sentence."""
    say = _Speaker(language)
    if not explained.is_known:
        return [say("unknown", ad=explained.ad_id)]
    told = [say("won", ad=explained.ad_id)]
    if not explained.has_won:
        reasons = "; ".join(say.of(DROPS[drop]) for drop in explained.drops)
        told = [say("against", ad=explained.ad_id, reasons=reasons)]
    standing = explained.standing
    if standing is not None:
        worth = {"value": say.common(standing.rank_value), "offer": say.common(standing.offer)}
        if explained.best_value is None or explained.has_won:
            told.append(say("worth_alone", **worth))
        else:
            told.append(say("worth", best=say.common(explained.best_value), **worth))
        told += _standing(standing, say)
    if explained.rank:
        told.append(say("rank", rank=explained.rank))
    if not explained.knows_memory:
        told.append(say("no_memory"))
    return told


def _standing(one: Contender, say: _Speaker) -> list[str]:
    click, view, _, _, _, negative = one.predictions
    told = [say("chances", click=say.share(click), view=say.share(view), negative=say.share(negative))]
    if one.pace < 1:
        told.append(say("pace", pace=say.share(one.pace)))
    if one.is_exploring:
        told.append(say("explored"))
    return told


class _Speaker:
    """Says sentences of the tables in one language, with its numbers."""

    def __init__(self, language: Language) -> None:
        self._place = 0 if language == "fr" else 1

    def __call__(self, name: str, **parts: object) -> str:
        return self.of(_SENTENCES[name]).format(**parts)

    def of(self, pair: tuple[str, str]) -> str:
        return pair[self._place]

    def count(self, number: int) -> str:
        return self._grouped(f"{number:,}")

    def share(self, value: float) -> str:
        told = f"{value * 100:.3g}"
        return self._grouped(told) + ("\N{NARROW NO-BREAK SPACE}%" if self._place == 0 else "%")

    def common(self, micros: float) -> str:
        """Return an amount of the common unit, rounded to cents: it is a comparison, nobody owes it."""
        return self.money(round(micros / 10_000) * 10_000, COMMON)

    def money(self, micros: int, currency: str) -> str:
        """Return an amount exactly, with as many decimals as it needs and its currency at least."""
        row = currencies.find(currency)
        least, symbol = (2, currency) if row is None else (row.exponent, row.symbol)
        amount = Decimal(micros) / MICROS
        decimals = next((one for one in range(least, _FINEST) if amount == round(amount, one)), _FINEST)
        told = f"{amount:,.{decimals}f}"
        if self._place == 0:
            return f"{self._grouped(told)}\N{NO-BREAK SPACE}{symbol}"
        sign = "-" if told.startswith("-") else ""
        gap = "\N{NO-BREAK SPACE}" if symbol[-1].isalpha() else ""
        return f"{sign}{symbol}{gap}{told.removeprefix('-')}"

    def _grouped(self, told: str) -> str:
        if self._place == 0:
            return told.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
        return told
