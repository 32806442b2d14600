// SPDX-License-Identifier: AGPL-3.0-or-later
// What an erasure does to each column of each table (src/privacy/erase_steps.c). A test holds this
// against the schema, so whoever adds a column says here what becomes of it:
//
//   erased    it says who a client is, or what was said by or about them: emptied, or its row goes
//   kept      a figure or a number of the past, which without the rest is nobody's
//   business  the business's own: its people, its menu, its stock
//   program   what the program remembers of itself

const words = (text) => text.split(/\s+/).filter((word) => word !== '');

const VERDICTS = {
  audit_event: {
    // of `changes` the members that are a person's; of `actor_name` a client's own
    erased: 'changes actor_name',
    kept: 'workspace_id id at_s actor_kind actor_id request_id entity entity_id action seq',
    business: 'staff_id other_staff_id',
  },
  booking: {
    // a test that went badly is health; a gate that nobody can open any more stands in nobody's way
    erased: 'notes test_result gates_unmet',
    kept: `workspace_id id client_id staff_id status start_s end_s outer_from_s outer_to_s price source
      cancelled_from cancelled_by cancelled_s revision stock_step created_s version started_s
      made_start_s made_staff_id`,
  },
  booking_link: { erased: 'token_hash workspace_id booking_id created_s' },
  booking_material: { kept: 'workspace_id booking_id item_id quantity used' },
  booking_service: {
    kept: 'workspace_id booking_id position service_id name duration_min price',
  },
  // of a visit that is or was theirs: the row goes
  booking_undo: {
    erased: `workspace_id booking_id version at_s action client_id staff_id status start_s end_s
      outer_from_s outer_to_s notes cancelled_from cancelled_by cancelled_s started_s test_result
      holds minutes client_name client_email client_phone client_version`,
  },
  client: {
    erased: `name email email_key phone notes tags alerts paused_until_s paused_by unsubscribed_s
      erased_s`,
    kept: 'workspace_id id status created_s version source merged_into',
    program: 'terms_made sample',
  },
  client_clinical: { erased: 'workspace_id client_id notes changed_s changed_by version' },
  client_erasure: { kept: 'workspace_id id client_id erased_s by_id by_name under_way kept' },
  // that two were one, of whom and when; with neither the details nor what changed hands
  client_merge: {
    erased: 'before after',
    kept: 'workspace_id id client_id other_id at_s undone_s',
    business: 'by_name undone_by',
  },
  client_merge_row: { erased: 'workspace_id merge_id kind row_id' },
  client_tag: { erased: 'workspace_id key tag uses' }, // counted less; gone with its last client
  client_term: { erased: 'workspace_id term client_id' },
  conversation: {
    erased: `workspace_id id client_id unanswered last_id created_s version assigned_staff_id folder
      set_aside unwelcomed`,
  },
  conversation_answering: { erased: 'workspace_id conversation_id staff_id name at_s' },
  conversation_attachment: { erased: 'workspace_id message_id id name type size bytes' },
  conversation_message: {
    erased: `workspace_id conversation_id id direction body author_kind author_id author_name doubtful
      created_s via doubt words_made quoted from_name from_address files`,
  },
  conversation_word: { erased: 'workspace_id word message_id' },
  conversation_read: { erased: 'workspace_id conversation_id user_id read_id' },
  feedback_link: { erased: 'token_hash workspace_id booking_id client_id created_s' },
  form_link: { erased: 'token_hash workspace_id submission_id created_s' },
  form_submission: {
    erased: `workspace_id id form_id form_revision booking_id client_id status answers asked_s
      requested_s completed_s version signatures draft draft_s completed_by`,
  },
  hold: {
    kept: 'workspace_id resource_id start_s id end_s booking_id active',
    program: 'pick_hash pick_from expires_s',
  },
  idempotency: { erased: 'workspace_id scope key body_hash status headers body created_s' },
  job: {
    erased: 'last_error lease_owner outcome',
    kept: `workspace_id id kind subject_id occurrence booking_id client_id status anchor_s due_s
      attempts created_s ended_s version`,
  },
  message: {
    erased: `to_name to_address reply_to subject body_text body_html calendar calendar_method
      occurrence last_error provider_id provider_word unsubscribe_url untold told_by lease_owner
      lease_until_s reason`,
    kept: `workspace_id id kind subject_id message_id status attempts due_s outcome_unknown
      first_attempt_s booking_id client_id created_s sent_s version priority tells_start_s
      tells_staff_id delivery delivery_s matters_until_s told_s`,
    business: 'from_name',
  },
  rating: {
    erased: 'comment may_show',
    kept: `workspace_id id booking_id client_id staff_id services stars hidden handled_s handled_by
      created_s changed_s version`,
  },
  reply_token: { erased: 'token_hash workspace_id client_id letter_id created_s' },
  rating_total: { kept: 'workspace_id ratings stars' },
  stock_move: {
    erased: 'actor_name', // a client's own
    kept: `workspace_id item_id id kind on_hand_delta reserved_delta on_hand_after reserved_after
      cause_kind cause_id step booking_id actor_kind actor_id at_s unit_cost stocktake_id`,
    business: 'reason',
  },

  api_token: {
    business: 'workspace_id id token_hash staff_id name scopes created_s expires_s last_used_s',
  },
  automation: { business: 'workspace_id key enabled delay_min subject body version' },
  closure: { business: 'workspace_id from_day to_day reason' },
  form: {
    business: `workspace_id id name kind form_revision active created_s version clinical staff_reads
      is_public external_url thanks every_visit`,
  },
  form_version: { business: 'workspace_id form_id form_revision fields' },
  // its filters are the member's own words, as a note on their desk would be
  saved_view: { business: 'workspace_id user_id id screen name query created_s' },
  invitation: { business: 'token_hash workspace_id staff_id created_s expires_s' },
  item: {
    business: `workspace_id id name sku unit reorder_point on_hand reserved low low_count last_move_id
      active created_s version unit_cost pack_name pack_size supplier category last_count_id`,
  },
  known_device: { business: 'token_hash user_id last_used_s' },
  // Mails that were given to no business, so no business's erasure finds them: what a person wrote that
  // belonged nowhere lies sealed for some weeks (mailin/unmatched.c), and goes by its age.
  mail_box: {
    program: 'name uid_validity last_uid trying_uid tries since_s lease_owner lease_s',
  },
  mail_fetch: { program: 'email_id status due_s attempts lease_owner last_error created_s' },
  mail_seen: { program: 'workspace_id mail_key seen_s' }, // a hash of a mail, which leads to nobody
  mail_unmatched: { program: 'mail_key id source why received_s size raw' },
  mail_rate: { program: 'provider next_ms paused_until_ms paused_for_ms' },
  password_reset: { business: 'token_hash user_id created_s expires_s' },
  recovery_code: { business: 'user_id slot code_hash' },
  reset_decoy: { program: 'token_hash expires_s' },
  resource: { business: 'workspace_id id kind name active created_s version' },
  saved_reply: { business: 'workspace_id id title body created_s version' },
  stocktake: {
    business: `workspace_id id name category status items counted variance_value started_s started_by
      ended_s ended_by version`,
  },
  stocktake_line: {
    business: `workspace_id stocktake_id item_id counted expected seen_move_id counted_s counted_by
      overtaken unit_cost`,
  },
  schema_migration: { program: 'version name sha256 applied_s' },
  service: {
    business: `workspace_id id name category description duration_min buffer_before_min
      buffer_after_min price active retired created_s version position`,
  },
  service_form: { business: 'workspace_id service_id form_id' },
  service_material: { business: 'workspace_id service_id item_id quantity' },
  service_need: { business: 'workspace_id service_id position resource_id' },
  service_require: {
    business:
      'workspace_id service_id position kind form_id required_id lead_hours valid_days',
  },
  service_segment: { business: 'workspace_id service_id position kind minutes' },
  service_staff: { business: 'workspace_id service_id staff_id price duration_min' },
  session: {
    business:
      'token_hash id workspace_id user_id created_s expires_s last_seen_s address user_agent',
  },
  staff: {
    business: `workspace_id id user_id role permissions bookable hours_own confirmed invite_message_id
      invite_expires_s`,
  },
  staff_hours: { business: 'workspace_id staff_id weekday start_min end_min' },
  time_off: { business: 'workspace_id staff_id id start_s end_s reason created_s' },
  time_off_request: {
    business: `workspace_id id staff_id start_s end_s reason status note decided_by decided_s created_s
      version`,
  },
  user_account: {
    business: `id email name password_hash must_change_password created_s version
      first_password_expires_s first_password_used totp_secret totp_confirmed_s totp_last_step
      language`,
  },
  webhook_seen: { program: 'id seen_s' },
  workspace: {
    business: `id slug name timezone currency locale address phone contact_email accent_color
      slot_step_min min_notice_min max_advance_days cancel_cutoff_min auto_confirm published_s created_s
      version session_idle_min require_two_factor staff_see_contacts quiet_from_min quiet_until_min`,
  },
  workspace_mail: {
    business: `workspace_id provider from_name from_address smtp_host smtp_port smtp_security
      smtp_username smtp_password resend_key key_hint changed_s version`,
    program: 'free_s tail_s rest_until_s failures failing_since_s last_error last_sent_s',
  },
  workspace_hours: { business: 'workspace_id weekday start_min end_min' },
};

/** "table.column" → verdict. */
export const PERSONAL = new Map(
  Object.entries(VERDICTS).flatMap(([table, verdicts]) =>
    Object.entries(verdicts).flatMap(([verdict, columns]) =>
      words(columns).map((column) => [`${table}.${column}`, verdict]),
    ),
  ),
);

/** Tables that an erasure touches, and of these the ones that no export needs. */
export const ERASED_TABLES = Object.keys(VERDICTS).filter((table) => VERDICTS[table].erased);
export const NOT_EXPORTED = {
  booking_undo: 'where its last change could go back to, for a day; the visit itself and its history are there',
  client_merge: 'both as they stood are there; the rest is how to part them',
  client_merge_row: 'what changed hands stands in its own part',
  client_tag: 'the tags stand with the client',
  client_term: 'made of the name, the address and the number',
  conversation_answering: 'who is writing this moment',
  conversation_word: 'made of the messages',
  reply_token: 'a hash of a secret',
  booking_link: 'a hash of a secret',
  conversation_read: 'how far the staff have read',
  feedback_link: 'a hash of a secret',
  form_link: 'a hash of a secret',
  idempotency: 'answers of the last day, of what stands elsewhere',
  stock_move: 'what a visit used stands with the visit',
};
/** Tables that another area empties, with the function that a step calls for it. */
export const ERASED_BY = {
  client_tag: 'client_forget_terms',
  client_term: 'client_forget_terms',
  conversation_word: 'inbox_forget_words',
};
