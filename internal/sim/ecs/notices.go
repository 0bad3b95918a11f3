package ecs

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/notice"
	"berth/internal/sim/world"
)

// said tells those who listen to events that a task has changed.
func (k cluster) said(t *world.Task) {
	notice.Task(k.w, k.r, t, func() types.Task { return viewTask(k, t, false) })
}

// saidOf is said for a container instance.
func (k cluster) saidOf(i *world.ContainerInstance) {
	notice.Instance(k.w, k.r, i, func() types.ContainerInstance { return viewInstance(k.Cluster, i, nil) })
}
