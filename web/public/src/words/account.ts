/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words of signing in, signing up and the second step, each apart so that a page holds its own. */

/** What the forms of all of them say. */
export const form = {
  email: 'Email',
  emailMissing: 'Enter your email address.',
  emailWrong: 'Enter an address like name@example.com.',
  password: 'Password',
  passwordHint: 'At least 8 characters. A short sentence is easy to remember.',
  passwordShort: (least: number) => `Use at least ${least} characters.`,
  show: 'Show',
  hide: 'Hide',
};

export const signup = {
  signupTitle: 'Set up your workspace',
  signupLead: 'A minute now, and you have a place for your services, your team and your bookings.',
  business: 'Business name',
  businessHint: 'Clients see it on your booking page.',
  owner: 'Your name',
  timezone: 'Time zone',
  currency: 'Currency',
  signup: 'Create workspace',
  signingUp: 'Creating…',
  haveOne: 'Have a workspace already?',
  signinLink: 'Sign in',
  businessMissing: 'Enter the name of your business.',
  ownerMissing: 'Enter your name.',
  emailTaken: 'There is an account with this address already. Sign in instead.',
};

export const account = {
  signinTitle: 'Sign in',
  signin: 'Sign in',
  signingIn: 'Signing in…',
  noneYet: 'New to CareOps?',
  signupLink: 'Set up a workspace',
  passwordMissing: 'Enter your password.',
  badCredentials: 'Email and password do not match. Check both and try again.',
  forgot: 'Forgot your password?',
  backToSignin: 'Back to sign in',

  codeTitle: 'Enter your code',
  codeLead: 'Your authenticator app shows six digits for CareOps.',
  code: 'Six-digit code',
  codeMissing: 'Enter the six digits that your app shows now.',
  recoveryTitle: 'Use a recovery code',
  recoveryLead: 'Each code that you kept when you set this up works once.',
  recoveryCode: 'Recovery code',
  recoveryMissing: 'Enter one of your recovery codes.',
  codeWrong: 'That code is not right. Wait for the next one and try again.',
  recoveryWrong: 'That code is not right, or it has been used already.',
  withRecovery: 'I do not have my phone',
  withApp: 'Use the app instead',

  forgotTitle: 'Set a new password',
  forgotLead: 'Enter your email address, and we will send you a link.',
  sendLink: 'Send the link',
  sendingLink: 'Sending…',
  sentTitle: 'Look in your mail',
  sentLead: (email: string) => `If ${email} has an account, a letter with a link is on its way.`,
  sentHint: 'The link works for 10 minutes and once. Nothing there? Look among the junk mail.',
  sendAgain: 'Send it again',
  sentAgain: 'Sent again.',
  resetTitle: 'Choose a new password',
  resetLead: 'You will be signed out everywhere else.',
  resetSave: 'Save password',
  resetDone: 'Your new password is saved. Sign in with it.',
  resetExpired: 'This link has been used, or its 10 minutes are over.',
  newLink: 'Send me a new link',

  newTitle: 'Choose your own password',
  newLead: 'The one from your invitation works only once.',
  mailedPassword: 'Password from your invitation',
  newPassword: 'New password',
  change: 'Save and go on',
  changing: 'Saving…',

  joinTitle: 'Join the team',
  joinSignin: 'You have been invited to another workspace. Sign in to join it.',
  joinLead: (email: string) =>
    `You have been invited to another workspace. You will join as ${email}.`,
  join: 'Join',
  joining: 'Joining…',
  joinNotMine: 'Use another account',
  joinExpired:
    'This invitation has been used or is older than 7 days. Ask whoever invited you for a new one.',
  goHome: (name: string) => `Go to ${name}`,

  secureTitle: 'Protect your account',
  secureLead: (name: string) => `${name} asks everybody to sign in with a second step.`,
};

/** Words of the second step, on the sign-in page and in the account. */
export const secondStep = {
  password: 'Your password',
  passwordLead: 'First, your password once more.',
  next: 'Continue',
  checking: 'Checking…',
  scanTitle: 'Scan this with your authenticator app',
  scanLead: 'Any app for one-time codes will do. On this phone? Open the link or copy the key.',
  picture: 'QR code for your authenticator app',
  openApp: 'Open in my app',
  key: 'Key to type in',
  copyKey: 'Copy key',
  copied: 'Copied.',
  copyFailed: 'Copying did not work. Select the text and copy it by hand.',
  code: 'Code that the app shows',
  confirm: 'Switch on',
  confirming: 'Checking…',
  codeMissing: 'Enter the six digits that the app shows.',
  codeWrong: 'That code is not right. Wait for the next one and try again.',
  passwordMissing: 'Enter your password.',
  codesTitle: 'Keep these recovery codes',
  codesLead:
    'Without your phone, one of them lets you in. Each works once. They are shown only now: keep them away from your phone.',
  copyCodes: 'Copy codes',
  print: 'Print',
  kept: 'I have kept them',
};

