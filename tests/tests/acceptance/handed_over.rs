//! A case of any benefit on its way to whoever leads it: what comes before its referral, a referral with all that the
//! benefit asks for, and two visits at which nobody answers.

use crate::{
    given_when,
    referring::{self, Claim},
    world::World,
};
use chrono::TimeDelta;
use holdfast_tests::suite::london;

/// The case of an award of a benefit, with where it is noted, as far as two ineffective visits bring it.
pub(crate) async fn after_two_visits(
    world: &mut World,
    (benefit, award, note_in): (&str, &str, &str),
    visits: [String; 2],
) {
    let claim = Claim { customer: "C-1", benefit: referring::benefit(benefit), nation: "England", award };
    referring::referred(world, &claim, note_in, london(&visits[0]) - TimeDelta::days(3)).await;
    for at in visits {
        given_when::calls(world, at, "nobody is at home".to_owned(), ", leaving the letter".to_owned(), String::new())
            .await;
        world.effect();
    }
}
