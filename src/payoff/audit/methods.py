"""How each figure is reckoned: where it comes from, and which call elsewhere gives the same number.

The words that go with a method are in the texts, as `methods.<name>`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """`source` is a paper or a rule, `same_as` a call of a known library on the same columns ("" if none)."""

    source: str = ""
    same_as: str = ""


METHODS: dict[str, Method] = {
    "auc": Method("Mann & Whitney 1947; DeLong et al. 1988", "sklearn.metrics.roc_auc_score(label, score)"),
    "auc_binned": Method("Mann & Whitney 1947; DeLong et al. 1988, on 65,536 log-odds bins"),
    "auc_paired": Method("DeLong et al. 1988"),
    "accuracy": Method("", "sklearn.metrics.accuracy_score(label, score >= threshold)"),
    "precision_at": Method("", "the mean outcome of the ceil(share × n) highest scores, ties in proportion"),
    "calibration": Method("Naeini et al. 2015", "sklearn.calibration.calibration_curve(label, score, n_bins=10)"),
    "rule": Method("five folds, each cell's share learned from the other four"),
    "count": Method(),
    "named": Method(),
    "asked": Method(),
    "wilson": Method("Wilson 1927", "statsmodels proportion_confint(hits, n, method='wilson')"),
    "newcombe": Method(
        "Newcombe 1998, method 10",
        "statsmodels confint_proportions_2indep(hits, n, reference_hits, reference_n, method='newcomb')",
    ),
    "newcombe_units": Method("Newcombe 1998, method 10; Deng, Knoblich & Lu 2018"),
    "wilson_units": Method("Wilson 1927; Deng, Knoblich & Lu 2018"),
    "gaps": Method("Newcombe 1998, method 10; Bonferroni"),
    "cells": Method(
        "Welch 1947; Agresti & Caffo 2000 where hardly anything happens; Hájek 1971 where weighed; Bonferroni"
    ),
    "overruled": Method(
        "Mantel & Haenszel 1959; Cochran 1954; delete-a-group jackknife (Kott 2001) where units repeat"
    ),
    "quantile": Method("", "numpy.quantile(wait_hours, share)"),
    "welch": Method(
        "Welch 1947; clustered by unit where units repeat", "scipy.stats.ttest_ind(a, b, equal_var=False)"
    ),
    "effect_told": Method(
        "Welch 1947; Agresti & Caffo 2000 where hardly anything happens; Deng et al. 2018 where units repeat",
        "scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval()",
    ),
    "effect_tested": Method(
        "Welch 1947; Kruskal & Wallis 1952 and Pearson 1900 for chance; Rao & Scott 1981 where units repeat",
        "scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval()",
    ),
    "effect_weighted": Method("Hájek 1971; Horvitz & Thompson 1952; Kish 1965 for the effective number"),
    "effect_top": Method("infinitesimal jackknife, Efron 1982; by buckets of units where they repeat"),
    "policy_value": Method(
        "Radcliffe 2007; Athey & Wager 2021; infinitesimal jackknife, Efron 1982, by buckets where units repeat"
    ),
    "best_constant": Method("multiple comparisons with the best, Hsu 1981, with Bonferroni's bound; Welch 1947"),
    "chance": Method(
        "Kruskal & Wallis 1952; Pearson 1900; Horvitz & Thompson 1952; Rao & Scott 1981 where units repeat",
        "scipy.stats.kruskal; scipy.stats.chi2_contingency(counts, correction=False)",
    ),
    "net_benefit": Method("Vickers & Elkin 2006"),
    "break_even": Method("cost ÷ what the outcomes found are worth"),
    "experiment": Method("two-sided 5%, power 80%, normal approximation"),
    "srm": Method("Fabijan et al. 2019", "scipy.stats.chisquare(counts, planned)"),
    "drift": Method(
        "Siddiqi 2006; Pearson 1900; Rao & Scott 1981 where units repeat",
        "scipy.stats.chi2_contingency(counts, correction=False); Evidently's PSI on the same cells",
    ),
    "drift_share": Method("delete-a-group jackknife, Kott 2001"),
    "drift_ranks": Method(
        "DeLong et al. 1988; delete-a-group jackknife (Kott 2001) where units repeat",
        "sklearn.metrics.roc_auc_score(label, score) on each half",
    ),
    "drift_size": Method("calibration in the large, Cox 1958"),
    "estimated": Method("NannyML's CBPE; Kivimäki et al. 2024"),
    "concentration": Method("Gini 1912; Simpson 1949; delete-a-group jackknife, Kott 2001"),
    "narrowing": Method("Simpson 1949; Hill 1973; delete-a-group jackknife, Kott 2001"),
    "repeats": Method("Wilson 1927; clustered by unit, Deng, Knoblich & Lu 2018"),
    "apart": Method("total variation; De Moivre 1730 for chance; Kish 1965 where units repeat"),
    "bubble_outcome": Method("delete-a-group jackknife, Kott 2001"),
    "leak": Method("AUC of the column's values (or ten bands) taken by their share of outcomes"),
}


def method(name: str) -> Method:
    """The method by name; `KeyError` if there is none."""
    return METHODS[name]
