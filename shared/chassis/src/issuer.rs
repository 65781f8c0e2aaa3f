//! The development issuer: makes keys and tokens for trying the suite out. It is started in declared development mode
//! only; in production tokens come from the department's own issuer and this module is never called.

use crate::{
    access::{role_name, workload_name},
    clock::Clock,
    identity::{AUDIENCE, Claims, ISSUER},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::{
    SecretKey,
    elliptic_curve::{rand_core::OsRng, sec1::ToEncodedPoint},
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
};
use serde::Serialize;

/// Issues tokens that the suite in development mode believes.
#[derive(Clone)]
pub struct Issuer {
    key: SecretKey,
    clock: Clock,
}

/// Claims, and who issues them for whom.
#[derive(Serialize)]
struct Issued {
    iss: &'static str,
    aud: &'static str,
    #[serde(flatten)]
    claims: Claims,
}

/// The name of its key.
const KEY_ID: &str = "development";

/// Why no token could be made.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// The stored key cannot be read.
    #[error("the development key is damaged; remove it and start again")]
    DamagedKey,
    /// The token could not be signed.
    #[error("the token could not be signed")]
    Signing,
}

impl Issuer {
    /// An issuer with a key of its own, made now.
    #[must_use]
    pub fn generate(clock: Clock) -> Self {
        Self { key: SecretKey::random(&mut OsRng), clock }
    }

    /// The issuer whose key was kept as PEM.
    ///
    /// # Errors
    /// [`IssuerError::DamagedKey`].
    pub fn from_pem(pem: &str, clock: Clock) -> Result<Self, IssuerError> {
        let key = SecretKey::from_pkcs8_pem(pem).map_err(|_| IssuerError::DamagedKey)?;
        Ok(Self { key, clock })
    }

    /// Its key as PEM, to be kept where only its owner reads it.
    ///
    /// # Errors
    /// [`IssuerError::DamagedKey`].
    pub fn to_pem(&self) -> Result<String, IssuerError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| IssuerError::DamagedKey)?;
        Ok(pem.to_string())
    }

    /// Its public key, as the JSON Web Key Set that a [`crate::identity::Verifier`] trusts.
    #[must_use]
    pub fn key_set(&self) -> String {
        let point = self.key.public_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&_>| bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        let (x, y) = (coordinate(point.x()), coordinate(point.y()));
        serde_json::json!({"keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID, "x": x, "y": y
        }]})
        .to_string()
    }

    /// A token for a person in a role through a workload (`role` `None`: the workload by itself), valid for `seconds`.
    ///
    /// # Errors
    /// [`IssuerError`] where it cannot be signed.
    pub fn token(
        &self,
        person: &str,
        role: Option<Role>,
        workload: Workload,
        seconds: i64,
    ) -> Result<String, IssuerError> {
        let claims = Claims {
            sub: person.to_owned(),
            exp: self.clock.now().timestamp() + seconds,
            nbf: None,
            role: role.map(|role| role_name(role).to_owned()),
            workload: Some(workload_name(workload).to_owned()),
        };
        self.sign(&Issued { iss: ISSUER, aud: AUDIENCE, claims })
    }

    /// A token with any claims at all: tests forge with it.
    ///
    /// # Errors
    /// [`IssuerError`] where it cannot be signed.
    pub fn sign(&self, claims: &impl serde::Serialize) -> Result<String, IssuerError> {
        let der = self.key.to_pkcs8_der().map_err(|_| IssuerError::DamagedKey)?;
        let key = EncodingKey::from_ec_der(der.as_bytes());
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &key).map_err(|_| IssuerError::Signing)
    }
}
