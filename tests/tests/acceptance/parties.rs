//! Who acts in the scenarios: each party by the name that caseworkers use, with one person for it.

use holdfast_contracts::holdfast::access::v1::Role;

/// A person and the role they act in.
pub(crate) type Party = (&'static str, Role);

/// The party of this name.
pub(crate) fn party(name: &str) -> Party {
    match name {
        "Visiting Officer" => ("v.jones", Role::VisitingOfficer),
        "referrer" => ("r.patel", Role::Referrer),
        "CES Team" => ("c.morgan", Role::CesTeam),
        "CEAST" => ("s.west", Role::Ceast),
        "SPOC" => ("a.singh", Role::AtwSpoc),
        "team leader" => ("t.reid", Role::TeamLeader),
        "HEO" => ("h.ward", Role::Heo),
        "Case Manager" => ("m.lee", Role::CaseManager),
        "Decision Maker" => ("d.moss", Role::DecisionMaker),
        "AtW adviser" => ("w.adams", Role::AtwAdviser),
        "AtW processor" => ("p.cole", Role::AtwProcessor),
        "leader" => ("l.evans", Role::SafeguardingLeader),
        "officer" => ("o.brown", Role::Officer),
        other => panic!("no party is called {other}"),
    }
}

/// The party that leads a case or owes a task, by its role.
pub(crate) fn party_of(role: Role) -> Party {
    let all = [
        "Visiting Officer",
        "referrer",
        "CES Team",
        "CEAST",
        "SPOC",
        "team leader",
        "HEO",
        "Case Manager",
        "Decision Maker",
        "AtW adviser",
        "leader",
    ];
    all.map(party).into_iter().find(|(_, of)| *of == role).unwrap_or_else(|| panic!("no party is a {role:?}"))
}
