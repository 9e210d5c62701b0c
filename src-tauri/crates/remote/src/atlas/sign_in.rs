use keystow_core::Secret;
use keystow_core::remote::{
    Account, BrowserSignIn, DeviceSignIn, Organization, PasswordAnswer, RemoteError, Session,
    SignIn,
};
use url::Url;

use super::Atlas;
use crate::transport::unsupported;

/// The code of the device flow is all there is: accounts have second factors, passkeys and a guard against robots, so that a
/// password belongs on Atlas's own page. The rest is better-auth's.
impl SignIn for Atlas {
    fn password(&self, base: &Url, _: &str, _: &Secret) -> Result<PasswordAnswer, RemoteError> {
        Err(unsupported(base))
    }

    fn second_factor(&self, base: &Url, _: &Secret, _: &Secret) -> Result<Session, RemoteError> {
        Err(unsupported(base))
    }

    fn browser(
        &self,
        base: &Url,
        _: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        Err(unsupported(base))
    }

    fn device(&self, base: &Url, client_id: &str) -> Result<Box<dyn DeviceSignIn>, RemoteError> {
        self.inner.device(base, client_id)
    }

    fn refresh(&self, base: &Url, session: &Session) -> Result<Session, RemoteError> {
        self.inner.refresh(base, session)
    }

    fn sign_out(&self, base: &Url, session: &Session) -> Result<(), RemoteError> {
        self.inner.sign_out(base, session)
    }

    fn account(&self, base: &Url, access: &Secret) -> Result<Account, RemoteError> {
        self.inner.account(base, access)
    }

    fn organizations(&self, base: &Url, access: &Secret) -> Result<Vec<Organization>, RemoteError> {
        self.inner.organizations(base, access)
    }

    fn choose_organization(
        &self,
        base: &Url,
        session: &Session,
        organization: &str,
    ) -> Result<Option<Session>, RemoteError> {
        self.inner.choose_organization(base, session, organization)
    }
}
