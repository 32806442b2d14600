/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Clients from a file: choose it, see line by line what will happen, and only then let it happen. */
import './import.css';
import { Button, FileButton, NativeSelect } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, askTold, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm, Waiting } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import { ImportPreview } from './import_preview';
import { type Chosen, type Mapping, readFile } from './import_file';

export default function ImportClients({ close }: { close: () => void }) {
  const [file, setFile] = useState<Chosen | null>(null);
  const [failure, setFailure] = useState('');
  const choose = async (chosen: File | null): Promise<void> => {
    if (!chosen) return;
    setFailure('');
    try {
      setFile(await readFile(chosen));
    } catch {
      setFailure(words.importUnreadable);
    }
  };
  return (
    <Dialog onClose={close} title={words.importTitle} size="70rem">
      <div className="stack">
        <p className="soft">{words.importText}</p>
        {failure && <Alarm>{failure}</Alarm>}
        <FileButton accept=".csv,text/csv,text/plain" onChange={(chosen) => void choose(chosen)}>
          {(props) => (
            <Button
              {...props}
              data-autofocus
              className="start"
              variant={file ? 'default' : 'filled'}
              leftSection={<FileSpreadsheet size={17} aria-hidden="true" />}
            >
              {file ? words.importOther : words.importChoose}
            </Button>
          )}
        </FileButton>
        {file && <Plan key={file.name + file.base64.length} file={file} close={close} />}
      </div>
    </Dialog>
  );
}

function Plan({ file, close }: { file: Chosen; close: () => void }) {
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [onExisting, setOnExisting] = useState<'skip' | 'update'>('skip');
  const [key] = useState(newKey);
  const cache = useQueryClient();
  const toast = useToast();
  const body = { csv_base64: file.base64, on_existing: onExisting, ...(mapping ? { mapping } : {}) };
  const preview = useQuery({
    queryKey: ['client-import', file.name, file.base64.length, mapping, onExisting],
    queryFn: ({ signal }) => askTold(api.POST('/api/v1/client-imports/preview', { body, signal })),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const bring = useMutation({
    /* The plan is what the preview has shown: where anything would come out otherwise, nothing happens. */
    mutationFn: (plan: string) =>
      ask(
        api.POST('/api/v1/client-imports', {
          params: { header: { 'Idempotency-Key': key } },
          body: { ...body, plan },
        }),
      ),
    onSuccess: ({ counts }) => {
      void cache.invalidateQueries({ queryKey: ['clients'] });
      toast.say(words.importDone(counts.create + counts.update));
      close();
    },
    onError: () => preview.refetch(),
  });
  if (preview.isPending) return <Waiting rows={4} height={40} />;
  if (!preview.data) return <Alarm>{problemText(preview.error)}</Alarm>;
  const { counts, plan } = preview.data;
  const total = counts.create + counts.update;
  return (
    <>
      <NativeSelect
        className="import-existing"
        label={words.importExisting}
        value={onExisting}
        data={[
          { value: 'skip', label: words.importSkip },
          { value: 'update', label: words.importUpdate },
        ]}
        onChange={(event) => setOnExisting(event.currentTarget.value === 'update' ? 'update' : 'skip')}
      />
      <ImportPreview preview={preview.data} isReading={preview.isFetching} map={setMapping} />
      {(bring.error ?? preview.error) && <Alarm>{problemText(bring.error ?? preview.error)}</Alarm>}
      <div className="import-do">
        <Act
          disabled={total === 0}
          busy={bring.isPending || preview.isFetching}
          onClick={() => bring.mutate(plan)}
        >
          {total === 0 ? words.importNothing : words.importDo(total)}
        </Act>
      </div>
    </>
  );
}
