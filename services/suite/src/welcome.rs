//! What a newcomer sees when the suite has started: where it listens, and calls to copy, with tokens that work.

use holdfast_chassis::issuer::{Issuer, IssuerError};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use std::{fmt::Write, net::SocketAddr, path::Path};

/// How long the tokens of the welcome are valid, in seconds.
const VALID: i64 = 12 * 60 * 60;

/// The welcome, ready to print.
///
/// # Errors
/// Where a token cannot be signed.
pub fn welcome(listening: SocketAddr, directory: &Path, issuer: &Issuer) -> Result<String, IssuerError> {
    let token = |person: &str, role| issuer.token(person, Some(role), Workload::Casework, VALID);
    let referrer = token("r.patel", Role::Referrer)?;
    let officer = token("v.jones", Role::VisitingOfficer)?;
    let mut text = format!(
        "\nHoldfast listens on {listening} (development mode; data in {}).\n\n\
         Copy and paste; the tokens are valid for 12 hours. `holdfast token --role ces-team` makes others.\n\n\
         REFERRER='{referrer}'\nOFFICER='{officer}'\n",
        directory.display()
    );
    let yesterday = "$(date -u -d yesterday +%Y-%m-%dT10:00:00Z)";
    let calls = [
        (
            "What does the guidance say for PIP?",
            "REFERRER",
            "holdfast.guidance.v1.GuidanceService/GetProcedure",
            r#"{"benefit":"BENEFIT_PIP"}"#.to_owned(),
        ),
        (
            "A customer is to be visited:",
            "REFERRER",
            "holdfast.visiting.v1.VisitingService/ReferForVisit",
            format!(
                r#"{{"request_id":"try-1","award":{{"customer":"C-1001","benefit":"BENEFIT_PIP","award":"A-1001"}},"place":{{"nation":"NATION_ENGLAND","area":"Leeds"}},"occurred_at":"'{yesterday}'","circumstances":"No reply to two letters."}}"#
            ),
        ),
        (
            "What is owed, and by whom?",
            "OFFICER",
            "holdfast.tasks.v1.TaskService/ListTasks",
            r#"{"owner":"ROLE_VISITING_OFFICER"}"#.to_owned(),
        ),
        ("Which cases are there?", "OFFICER", "holdfast.visiting.v1.VisitingService/ListReferrals", "{}".to_owned()),
    ];
    for (says, who, method, body) in calls {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\n# {says}\ngrpcurl -plaintext -H \"authorization: Bearer ${who}\" -d '{body}' {listening} {method}\n"
        );
    }
    let _ = write!(
        text,
        "\nWithout grpcurl: npx @bufbuild/buf curl --protocol grpc --http2-prior-knowledge \
         -H \"authorization: Bearer $OFFICER\" -d '{{}}' \
         http://{listening}/holdfast.visiting.v1.VisitingService/ListReferrals\n\
         A case told from end to end: `holdfast demo` (`cargo run --release -- demo` in another terminal).\n\
         Ctrl-C stops the suite; the data stays.\n\n"
    );
    Ok(text)
}
