package watching

import (
	"context"
	"errors"

	"berth/internal/cloud"
	"berth/internal/drive"
	"berth/internal/model"
	seen "berth/internal/observe/watching"
	"berth/internal/render/incident"
	"berth/internal/render/ink"
)

// Recall is what a watcher knows of a cluster, for the screen of the whole; nothing where there is no bucket for it. A memory that
// cannot be read is said, and holds nothing up.
func Recall(ctx context.Context, c *cloud.Cloud, of drive.Survey, flags string, say func(string, ...any)) (incident.View, error) {
	if !of.Have.Has(model.BucketKey()) {
		return incident.View{}, nil
	}
	m, err := seen.Memory(ctx, c, of.Facts.Scope.BucketName())
	if u, unreadable := errors.AsType[*seen.Unreadable](err); unreadable {
		say("warning: %s [WCH001]\n", ink.Clean(u.Error()))
		return incident.View{}, nil
	}
	if cloud.Missing(err) {
		return incident.View{}, nil // it went meanwhile
	}
	return incident.Of(m.Memory, c.Clock.Now(), flags), err
}
