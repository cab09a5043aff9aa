"""Names and sentences of the people of a simulated world: invented, in French and English."""

from __future__ import annotations

from typing import Final

FIRST_NAMES: Final = (
    *("Léa", "Noé", "Inès", "Hugo", "Zoé", "Malo", "Anaïs", "Théo", "Lina", "Sacha", "Jade", "Elio", "Rose", "Nils"),
    *("Alma", "Yanis", "Lou", "Marin", "Nora", "Gaspard", "Mila", "Adam", "Iris", "Côme", "Amina", "Paul", "Sarah"),
    *("Emma", "Oscar", "Grace", "Finn", "Ruby", "Jonah", "Maya", "Leo", "Ada", "Owen", "Ivy", "Sam", "Nell"),
)
CRAFTS: Final[dict[str, tuple[str, ...]]] = {
    "beauty_care": ("peau", "soin", "glow"),
    "fashion": ("couture", "friperie", "layers"),
    "food_drink": ("cuisine", "marmite", "bakes"),
    "home_garden": ("jardin", "atelier", "nest"),
    "sport": ("foulees", "cimes", "laps"),
    "travel": ("voyage", "rails", "maps"),
    "games": ("pixels", "plateau", "quests"),
    "tech": ("bidouille", "clavier", "bits"),
    "music": ("accords", "tempo", "loops"),
    "pets": ("pattes", "museau", "paws"),
}
"""Categories that creators publish in, and what their handles end with."""
CAPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "beauty_care": (
        "Je l’ai testé un mois, sans filtre. Tu veux la routine complète ?",
        "Trois gestes le soir, et rien d’autre. Tu tiens combien de temps, toi ?",
        "Peau sèche en hiver : ce que je ne fais plus",
        "I tried it for four weeks, no filter. Would you?",
    ),
    "fashion": (
        "Une veste, cinq façons de la porter. Laquelle tu gardes ?",
        "Chiné à 6 €, repris en une heure",
        "La taille marquée, sans ceinture : regarde bien",
        "One coat, five ways. Which one would you wear?",
    ),
    "food_drink": (
        "Une poêle, cinq minutes, zéro vaisselle. Tu mettrais quoi dedans ?",
        "Le gratin de ma grand-mère, enfin mesuré",
        "Ce pain n’a besoin que d’une nuit",
        "Five minutes, one pan. What would you add?",
    ),
    "home_garden": (
        "Le balcon en mars : ce qui survit vraiment",
        "J’ai refait ce mur avec trois planches. Ça tient ?",
        "Mes semis ont levé. Voilà ce que j’ai changé",
        "Three boards and a wall. Will it hold?",
    ),
    "sport": (
        "Dans mon sac de rando : trois choses que j’emporte toujours",
        "Dix kilomètres sans souffle, puis avec. Ce qui a changé",
        "Cet étirement-là, tu le fais mal aussi ?",
        "My first hill after the winter. How was yours?",
    ),
    "travel": (
        "Deux jours, un train, un carnet. Tu partirais où ?",
        "La gare où personne ne descend",
        "Ce que je ne mets plus dans ma valise",
        "Two days, one train, one notebook. Where to?",
    ),
    "games": (
        "On a fini la campagne à quatre. Cette fin, tu l’avais vue ?",
        "Un jeu de société en dix minutes, expliqué en vingt secondes",
        "Le niveau que j’ai recommencé quarante fois",
        "Forty tries at one level. Worth it?",
    ),
    "tech": (
        "J’ai ouvert mon clavier. Voilà le bruit avant et après",
        "Ce réglage, personne ne le trouve",
        "Une batterie de six ans : je la change moi-même",
        "The setting nobody finds. Did you?",
    ),
    "music": (
        "Quatre accords, deux mains, un voisin patient",
        "J’apprends ce passage depuis lundi. Écoute la fin",
        "Le refrain que je n’arrive pas à finir. Tu m’aides ?",
        "Four chords and a patient neighbour",
    ),
    "pets": (
        "Il attend le facteur depuis ce matin",
        "Elle a choisi le carton, pas le panier. Et le tien ?",
        "Première neige. Regarde ses pattes",
        "She picked the box. Would yours?",
    ),
}
COMMENTS: Final = (
    "Tu l’as trouvé où ?",
    "Je tente ce week-end, merci !",
    "La suite, s’il te plaît",
    "Ça marche aussi sans four ?",
    "J’ai ri à la fin",
    "Enfin quelqu’un qui le dit",
    "C’est exactement mon problème",
    "Combien de temps ça t’a pris ?",
    "On veut la version longue",
    "Where did you get it?",
    "Trying this on Sunday",
    "Part two, please",
    "I needed this today",
)
BRANDS: Final = (
    ("Maison Aubrée", "beauty_care"),
    ("Fil & Forêt", "fashion"),
    ("La Cocotte Bleue", "food_drink"),
    ("Semis du Quai", "home_garden"),
    ("Cairn Nomade", "sport"),
    ("Quai des Brumes Voyages", "travel"),
    ("Hollow Lantern", "games"),
    ("Copperleaf", "tech"),
)
"""What advertisers are called, and their category."""
