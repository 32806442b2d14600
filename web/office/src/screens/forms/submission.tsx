/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One form of one client: its answers, and what can be done with it. */
import { Anchor, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing, CheckCheck, FileDown, LockKeyhole, PenLine, UserRound } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/forms';
import { Answers } from './answers';
import { submissionQuery } from './data';
import { SubmissionChip } from './submission_list';

export default function SubmissionView({ id, close }: { id: string; close: () => void }) {
  const { data, error, isPending, refetch } = useQuery(submissionQuery(id));
  const title = data ? `${data.form.name} · ${data.client.name}` : words.answers;
  return (
    <Dialog onClose={close} title={title} size="lg">
      {isPending && <Waiting rows={4} height={40} />}
      {!isPending && !data && <Failed error={error} retry={() => void refetch()} />}
      {data && (
        <div className="stack">
          <p className="row soft small">
            <SubmissionChip submission={data} />
            {data.visit_start ? words.visitOn(dateTime(data.visit_start)) : words.asLead}
            {data.completed_at && <span>{words.completedOn(dateTime(data.completed_at))}</span>}
            {data.completed_by && data.completed_by !== 'client' && (
              <span>{words.completedBy(data.completed_by)}</span>
            )}
          </p>
          {data.sealed ? (
            <p className="sealed">
              <LockKeyhole size={18} aria-hidden="true" />
              {words.sealed}
            </p>
          ) : (
            data.answers && <Answers fields={data.fields ?? []} answers={data.answers} />
          )}
          <Actions submission={data} />
        </div>
      )}
    </Dialog>
  );
}

type Whole = Awaited<ReturnType<NonNullable<ReturnType<typeof submissionQuery>['queryFn']>>>;

function Actions({ submission }: { submission: Whole }) {
  const { id, status, form, client } = submission;
  const path = { id };
  const cache = useQueryClient();
  const toast = useToast();
  const settle = (text: string) => () => {
    void cache.invalidateQueries({ queryKey: ['submissions'] });
    void cache.invalidateQueries({ queryKey: submissionQuery(id).queryKey });
    toast.say(text);
  };
  const onError = (error: unknown): void => toast.fail(error);
  const remind = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/submissions/{id}/remind', { params: { path } })),
    onSuccess: settle(words.reminded),
    onError,
  });
  const finish = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/submissions/{id}/complete', { params: { path } })),
    onSuccess: settle(words.markedDone),
    onError,
  });
  const fill = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/submissions/{id}/link', { params: { path } })),
    onSuccess: ({ url }) => location.assign(url),
    onError,
  });
  return (
    <div className="row">
      {status === 'completed' && !submission.sealed && !form.external && (
        <Button
          component="a"
          href={`/api/v1/submissions/${id}/form.pdf`}
          download
          variant="default"
          leftSection={<FileDown size={17} aria-hidden="true" />}
        >
          {words.pdf}
        </Button>
      )}
      {status === 'pending' && (
        <>
          <Act
            leftSection={<BellRing size={17} aria-hidden="true" />}
            busy={remind.isPending}
            onClick={() => remind.mutate()}
          >
            {words.remind}
          </Act>
          <Act
            variant="default"
            title={words.linkHint}
            leftSection={<PenLine size={17} aria-hidden="true" />}
            busy={fill.isPending}
            onClick={() => fill.mutate()}
          >
            {words.link}
          </Act>
          {form.external && (
            <Act
              variant="default"
              leftSection={<CheckCheck size={17} aria-hidden="true" />}
              busy={finish.isPending}
              onClick={() => finish.mutate()}
            >
              {words.markDone}
            </Act>
          )}
        </>
      )}
      <Anchor
        className="row"
        renderRoot={(props) => <Link to="/app/clients/$id" params={{ id: client.id }} {...props} />}
      >
        <UserRound size={16} aria-hidden="true" />
        {words.clientPage}
      </Anchor>
    </div>
  );
}
