//! Who is calling: the person, proved by a signed token, and the workload, proved by the mesh.

mod believed;

use crate::{clock::Clock, field::is_subject, status::Failure};
use believed::{Believed, Fingerprint, Known};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use http::HeaderMap;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Arc};

/// The issuer that tokens have to name, unless configured otherwise.
pub const ISSUER: &str = "holdfast-development";
/// The audience that tokens have to name, unless configured otherwise.
pub const AUDIENCE: &str = "holdfast";
/// How far the issuer's clock may run apart from ours, in seconds.
const LEEWAY: i64 = 5;
/// Longer tokens are refused unread.
const LONGEST_TOKEN: usize = 4096;

/// What a token says, beside who issued it for whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The person's opaque subject.
    pub sub: String,
    /// Until when, in seconds since 1970.
    pub exp: i64,
    /// From when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The one role the person acts in; absent where a workload calls by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The workload; believed in development mode only, where there is no mesh to vouch for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
}

/// Where the workload's identity comes from.
#[derive(Debug, Clone)]
pub enum WorkloadSource {
    /// Development mode: from the token.
    Token,
    /// From a header that the mesh's proxy sets after mutual TLS.
    Header {
        /// The header's name.
        name: http::HeaderName,
        /// Which identity is which workload.
        identities: HashMap<String, Workload>,
    },
}

/// Verifies who is calling.
pub struct Verifier {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
    workloads: WorkloadSource,
    clock: Clock,
    known: Known,
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's opaque subject; empty where there is none.
    pub person: String,
    /// The role the person acts in.
    pub role: Option<Role>,
    /// The program through which they act.
    pub workload: Workload,
}

impl Verifier {
    /// A verifier that trusts these keys (a JSON Web Key Set, ES256 only), this issuer and this audience.
    ///
    /// # Errors
    /// One sentence, where the keys cannot be used.
    pub fn new(
        keys: &str,
        issuer: &str,
        audience: &str,
        workloads: WorkloadSource,
        clock: Clock,
    ) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_str(keys).map_err(|fault| format!("not a JSON Web Key Set: {fault}"))?;
        let mut known = HashMap::new();
        for key in &set.keys {
            let id = key.common.key_id.clone().ok_or("a key has no kid")?;
            known.insert(id, DecodingKey::from_jwk(key).map_err(|fault| fault.to_string())?);
        }
        if known.is_empty() {
            return Err("the JSON Web Key Set holds no key".to_owned());
        }
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        // Naming an issuer and an audience does not by itself require the claims to be there.
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // Expiry is judged by the injected clock, below.
        validation.validate_exp = false;
        Ok(Self { keys: known, validation, workloads, clock, known: Known::default() })
    }

    /// Who sent these headers.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`], saying what is missing, never what was sent.
    pub fn identify(&self, headers: &HeaderMap) -> Result<Identity, Failure> {
        let believed = bearer(headers)?.map(|token| self.believe(token)).transpose()?;
        let workload = self.workload(headers, believed.as_deref())?;
        let (person, role) = believed.map_or_else(Default::default, |said| (said.person.clone(), said.role));
        Ok(Identity { person, role, workload })
    }

    /// What a token says that is valid now, verified now or before.
    fn believe(&self, token: &str) -> Result<Arc<Believed>, Failure> {
        if token.len() > LONGEST_TOKEN {
            return Err(does_not_verify());
        }
        let (fingerprint, now) = (Fingerprint::of(token), self.clock.now().timestamp());
        if let Some(believed) = self.known.get(&fingerprint) {
            return valid(&believed, now).map(|()| believed).inspect_err(|_| self.known.forget(&fingerprint));
        }
        let believed = Arc::new(self.verify(token, now)?);
        self.known.keep(fingerprint, &believed, now.saturating_sub(LEEWAY));
        Ok(believed)
    }

    fn verify(&self, token: &str, now: i64) -> Result<Believed, Failure> {
        let id = decode_header(token).ok().and_then(|header| header.kid).ok_or_else(does_not_verify)?;
        let key = self.keys.get(&id).ok_or_else(does_not_verify)?;
        let claims = decode::<Claims>(token, key, &self.validation).map_err(|_| does_not_verify())?.claims;
        let is_subject = is_subject(&claims.sub);
        let believed = Believed::of(claims).ok_or(Failure::Unauthenticated("the token names an unknown role"))?;
        valid(&believed, now)?;
        if is_subject { Ok(believed) } else { Err(does_not_verify()) }
    }

    fn workload(&self, headers: &HeaderMap, believed: Option<&Believed>) -> Result<Workload, Failure> {
        let unknown = Failure::Unauthenticated("the calling workload is not known");
        match &self.workloads {
            WorkloadSource::Token => {
                let required = Failure::Unauthenticated("a token is required: authorization: Bearer …");
                believed.ok_or(required)?.workload.ok_or(unknown)
            }
            WorkloadSource::Header { name, identities } => {
                let mut values = headers.get_all(name).iter();
                // Two values mean that somebody else than the proxy set one of them.
                let (Some(value), None) = (values.next(), values.next()) else { return Err(unknown) };
                let identity = value.to_str().map_err(|_| unknown.clone())?;
                identities.get(identity).copied().ok_or(unknown)
            }
        }
    }
}

fn does_not_verify() -> Failure {
    Failure::Unauthenticated("the token does not verify")
}

/// Whether a token is valid at an instant, in seconds since 1970.
fn valid(believed: &Believed, now: i64) -> Result<(), Failure> {
    if believed.until.saturating_add(LEEWAY) <= now {
        return Err(Failure::Unauthenticated("the token has expired"));
    }
    if believed.from.is_some_and(|from| from.saturating_sub(LEEWAY) > now) {
        return Err(Failure::Unauthenticated("the token is not valid yet"));
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut values = headers.get_all(http::header::AUTHORIZATION).iter();
    let malformed = Failure::Unauthenticated("authorization has to be one `Bearer` token");
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let value = value.to_str().map_err(|_| malformed.clone())?;
            let token = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer "));
            token.map(|token| Some(token.trim())).ok_or(malformed)
        }
        (Some(_), Some(_)) => Err(malformed),
    }
}
