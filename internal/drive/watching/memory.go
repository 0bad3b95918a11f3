package watching

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	deed "berth/internal/apply/watching"
	"berth/internal/cloud"
	seen "berth/internal/observe/watching"
)

// beat is how often a watcher with nothing to remember shows that it is at work.
const beat = time.Minute

// store writes the memory if there is something new in it. It returns when it is known that it was written; errOver says that the
// memory is somebody else's by now. While AWS is out of reach it tries on, for as long as the lease can be held: what was heard must
// not be forgotten, nor told before it is stored.
func (s *shift) store(ctx context.Context) error {
	now := s.c.Clock.Now()
	if !s.dirty && now.Sub(s.memory.Beat) < beat {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	s.memory.Beat = now
	text, err := s.text()
	if err != nil {
		return err
	}
	for {
		etag, err := s.put(ctx, text)
		if err == nil {
			s.etag, s.dirty = etag, false
			return nil
		}
		if err := s.bear(ctx, err); err != nil {
			return err
		}
		if err := s.renew(ctx); err != nil {
			return err
		}
		if err := s.c.Clock.Sleep(ctx, breath); err != nil {
			return err
		}
	}
}

// put writes once. Where the answer says nothing, or that something else stands there, a look finds out whether it was an earlier
// attempt of this very write.
func (s *shift) put(ctx context.Context, text []byte) (etag string, err error) {
	bucket := s.Scope.BucketName()
	etag, err = deed.Store(ctx, s.c, deed.Object{Bucket: bucket, Key: seen.MemoryKey, Version: s.etag}, text)
	if err == nil || !deed.Refused(err) && !cloud.Lost(err) {
		return etag, err
	}
	now, failed := seen.Memory(ctx, s.c, bucket)
	switch {
	case failed == nil && now.ETag != "" && bytes.Equal(now.Text, text):
		return now.ETag, nil
	case failed == nil && now.ETag == s.etag: // it was not carried out
		return "", err
	case failed != nil && passing(failed):
		return "", failed
	}
	return "", fmt.Errorf("%w: its memory was written by somebody else", errOver)
}

// room is how large a memory may be: less than what can be read again.
const room = seen.MostMemory - 1<<20

// text is the memory as it is stored. What is too large loses the words of its incidents, then its oldest letters.
func (s *shift) text() ([]byte, error) {
	text, err := json.Marshal(s.memory)
	if err != nil || len(text) <= room {
		return text, err
	}
	s.slim()
	for {
		text, err = json.Marshal(s.memory)
		switch n := len(s.memory.Letters); {
		case err != nil || len(text) <= room:
			return text, err
		case n == 0:
			return nil, fmt.Errorf("there is too much to remember: %d bytes", len(text))
		default:
			if err := s.shed((n+9)/10, "there are too many messages that could not be delivered"); err != nil {
				return nil, err
			}
		}
	}
}

// mostWords is how many bytes of an incident's words are kept where there are too many incidents.
const mostWords = 500

func (s *shift) slim() {
	for _, i := range s.memory.State.Incidents {
		i.Evidence = nil
		i.Text, i.Fix = strings.ToValidUTF8(i.Text[:min(len(i.Text), mostWords)], ""), strings.ToValidUTF8(i.Fix[:min(len(i.Fix), mostWords)], "")
	}
}
