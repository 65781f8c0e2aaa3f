//! Who is calling: the person, proved by a signed token, and the workload, proved by the mesh.

use crate::{
    access::{role_named, workload_named},
    clock::Clock,
    field::is_subject,
    status::Failure,
};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use http::HeaderMap;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
        Ok(Self { keys: known, validation, workloads, clock })
    }

    /// Who sent these headers.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`], saying what is missing, never what was sent.
    pub fn identify(&self, headers: &HeaderMap) -> Result<Identity, Failure> {
        let claims = bearer(headers)?.map(|token| self.claims(token)).transpose()?;
        let workload = self.workload(headers, claims.as_ref())?;
        let (person, role) = match claims {
            None => (String::new(), None),
            Some(Claims { role: None, .. }) => (String::new(), None),
            Some(Claims { sub, role: Some(role), .. }) => {
                let role = role_named(&role).ok_or(Failure::Unauthenticated("the token names an unknown role"))?;
                (sub, Some(role))
            }
        };
        Ok(Identity { person, role, workload })
    }

    fn claims(&self, token: &str) -> Result<Claims, Failure> {
        let refused = Failure::Unauthenticated("the token does not verify");
        if token.len() > LONGEST_TOKEN {
            return Err(refused);
        }
        let id = decode_header(token).ok().and_then(|header| header.kid).ok_or(refused.clone())?;
        let key = self.keys.get(&id).ok_or(refused.clone())?;
        let claims = decode::<Claims>(token, key, &self.validation).map_err(|_| refused.clone())?.claims;
        if claims.exp.saturating_add(LEEWAY) <= self.clock.now().timestamp() {
            return Err(Failure::Unauthenticated("the token has expired"));
        }
        if claims.nbf.is_some_and(|from| from.saturating_sub(LEEWAY) > self.clock.now().timestamp()) {
            return Err(Failure::Unauthenticated("the token is not valid yet"));
        }
        if !is_subject(&claims.sub) {
            return Err(refused);
        }
        Ok(claims)
    }

    fn workload(&self, headers: &HeaderMap, claims: Option<&Claims>) -> Result<Workload, Failure> {
        let unknown = Failure::Unauthenticated("the calling workload is not known");
        match &self.workloads {
            WorkloadSource::Token => {
                let claims = claims.ok_or(Failure::Unauthenticated("a token is required: authorization: Bearer …"))?;
                match &claims.workload {
                    None => Ok(Workload::Casework),
                    Some(name) => workload_named(name).ok_or(unknown),
                }
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
