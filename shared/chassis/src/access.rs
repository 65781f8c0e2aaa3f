//! Who may call which method: read from the contract's method options, enforced exactly as stated there.

use crate::status::Failure;
use holdfast_contracts::{
    descriptor_pool,
    holdfast::access::v1::{Access, Effect, Role, Workload},
};
use prost::Message;
use prost_reflect::DescriptorPool;
use std::{collections::HashMap, sync::Arc};

/// What the contract says of one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The method's path, `/package.Service/Method`.
    pub path: String,
    /// Roles of the persons who may call.
    pub roles: Vec<Role>,
    /// Any authenticated person may call.
    pub any_person: bool,
    /// A workload may also call by itself.
    pub workload_alone: bool,
    /// Workloads through which the call may come.
    pub workloads: Vec<Workload>,
    /// Whether the method records something.
    pub effect: Effect,
    /// Whether the caller decides on what they have read.
    pub etag_required: bool,
}

/// Who is calling, and under which policy they were let in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person's opaque subject; empty where a workload calls by itself.
    pub person: String,
    /// The role the person acts in.
    pub role: Role,
    /// The program through which they act.
    pub workload: Workload,
    /// The method's policy.
    pub policy: Arc<Policy>,
    /// The room this call takes up; whoever goes on working after the call was given up holds on to it.
    pub room: Option<Room>,
}

/// One call's share of what the server can do at once, given back when the last holder is done.
#[derive(Debug, Clone)]
pub struct Room(#[expect(dead_code, reason = "held, never read")] pub(crate) Arc<tokio::sync::OwnedSemaphorePermit>);

impl Caller {
    /// Who made this request, as the gate found.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`] where the request did not pass the gate.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Failure> {
        let caller = request.extensions().get::<Self>().cloned();
        caller.ok_or(Failure::Unauthenticated("the request did not pass the gate"))
    }
}

/// The policies of every method that a server serves.
#[derive(Debug, Clone, Default)]
pub struct Policies(HashMap<String, Arc<Policy>>);

impl Policies {
    /// The policies of the named services' methods.
    ///
    /// # Errors
    /// One sentence for every method that lacks the option or states it incompletely: such a server must not start.
    pub fn of(services: &[&str]) -> Result<Self, Vec<String>> {
        let pool = descriptor_pool().map_err(|fault| vec![format!("the contracts do not decode: {fault}")])?;
        Self::from_pool(&pool, services)
    }

    /// The policies of the named services' methods, as these contracts state them.
    ///
    /// # Errors
    /// As [`Policies::of`].
    pub fn from_pool(pool: &DescriptorPool, services: &[&str]) -> Result<Self, Vec<String>> {
        let option = pool.get_extension_by_name("holdfast.access.v1.access");
        let Some(option) = option else { return Err(vec!["the access option is not in the contracts".to_owned()]) };
        let (mut policies, mut faults) = (HashMap::new(), Vec::new());
        for name in services {
            let Some(service) = pool.get_service_by_name(name) else {
                faults.push(format!("{name} is not in the contracts"));
                continue;
            };
            for method in service.methods() {
                let path = format!("/{name}/{}", method.name());
                let options = method.options();
                let stated = options.has_extension(&option).then(|| options.get_extension(&option));
                let access = stated
                    .and_then(|value| value.as_message().map(Message::encode_to_vec))
                    .and_then(|bytes| Access::decode(bytes.as_slice()).ok());
                match policy(&path, access) {
                    Ok(policy) => {
                        policies.insert(path, Arc::new(policy));
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
        if faults.is_empty() { Ok(Self(policies)) } else { Err(faults) }
    }

    /// The policy of a method, by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Policy>> {
        self.0.get(path)
    }

    /// Every policy, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.0.values()
    }
}

fn policy(path: &str, access: Option<Access>) -> Result<Policy, String> {
    let access = access.ok_or_else(|| format!("{path} does not state who may call it"))?;
    let (effect, etag_required, any_person) = (access.effect(), access.etag_required, access.any_person);
    let (roles, workloads): (Vec<_>, Vec<_>) = (access.roles().collect(), access.workloads().collect());
    // Values that this build has no name for are left out above; a list without them would say something else.
    let all_workloads_known = workloads.len() == access.workloads.len();
    if workloads.is_empty() || workloads.contains(&Workload::Unspecified) || !all_workloads_known {
        return Err(format!("{path} does not state through which workloads it may be called"));
    }
    if roles.contains(&Role::Unspecified) || roles.len() != access.roles.len() {
        return Err(format!("{path} names a role that does not exist"));
    }
    if effect == Effect::Unspecified || (etag_required && effect == Effect::Read) {
        return Err(format!("{path} does not state what it does to what is kept"));
    }
    let workload_alone = access.workload_alone;
    Ok(Policy { path: path.to_owned(), roles, any_person, workload_alone, workloads, effect, etag_required })
}

impl Policy {
    /// Whether a person in this role, through this workload, may call. `None`: no person, the workload by itself.
    ///
    /// # Errors
    /// [`Failure::NotPermitted`], naming who may; [`Failure::Unauthenticated`] where a person is needed.
    pub fn admit(&self, role: Option<Role>, workload: Workload) -> Result<(), Failure> {
        if !self.workloads.contains(&workload) {
            let allowed = names(self.workloads.iter().map(|workload| workload_name(*workload)));
            return Err(Failure::NotPermitted { caller: format!("workload {}", workload_name(workload)), allowed });
        }
        match role {
            None if self.workload_alone || (self.roles.is_empty() && !self.any_person) => Ok(()),
            None => Err(Failure::Unauthenticated("this method needs a person's token")),
            Some(_) if self.any_person => Ok(()),
            Some(role) if self.roles.contains(&role) => Ok(()),
            Some(role) => {
                let allowed = names(self.roles.iter().map(|role| role_name(*role)));
                Err(Failure::NotPermitted { caller: role_name(role).to_owned(), allowed })
            }
        }
    }
}

fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let names = all.collect::<Vec<_>>().join(", ");
    if names.is_empty() { "no person".to_owned() } else { names }
}

/// A role's stable name, for example `CES_TEAM`.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    role.as_str_name().trim_start_matches("ROLE_")
}

/// The role with this stable name, in either case.
#[must_use]
pub fn role_named(name: &str) -> Option<Role> {
    let name = name.to_ascii_uppercase().replace('-', "_");
    Role::from_str_name(&format!("ROLE_{name}")).filter(|role| *role != Role::Unspecified)
}

/// A workload's stable name, for example `CASEWORK`.
#[must_use]
pub fn workload_name(workload: Workload) -> &'static str {
    workload.as_str_name().trim_start_matches("WORKLOAD_")
}

/// The workload with this stable name, in either case.
#[must_use]
pub fn workload_named(name: &str) -> Option<Workload> {
    let name = name.to_ascii_uppercase().replace('-', "_");
    Workload::from_str_name(&format!("WORKLOAD_{name}")).filter(|workload| *workload != Workload::Unspecified)
}
