package sim

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/clock"
	queues "berth/internal/sim/sqs"
	"berth/internal/sim/world"
)

// glance is how often it is looked whether something has come for a call that waits. The world does not tick: what falls due in it
// happens when somebody looks.
const glance = 10 * time.Millisecond

// await lets a ReceiveMessage wait that found nothing, in a world whose time runs by itself. Others are answered meanwhile: the lock
// is held before and after, not in between. It tells whether the call is to be carried out again, since something has come; not for a
// caller who is gone, nor when no more calls are to wait.
func (s *Sim) await(c *world.Call, in, out any) bool {
	asked, is := in.(*sqs.ReceiveMessageInput)
	answer, answered := out.(*sqs.ReceiveMessageOutput)
	if !is || !answered || len(answer.Messages) > 0 || s.wall == nil || s.open == nil {
		return false
	}
	end, caller, guard := c.Now().Add(queues.Patience(c, asked)), s.caller, s.guard
	ctx, cancel := context.WithCancel(caller)
	defer cancel()
	defer context.AfterFunc(s.open, cancel)()
	defer func() { s.caller, s.guard, s.cut = caller, guard, false }() // others were answered
	for c.Now().Before(end) {
		s.mu.Unlock()
		err := clock.System().Sleep(ctx, glance)
		s.mu.Lock()
		if err != nil || s.wall == nil {
			return false
		}
		s.tick()
		if queues.Ready(c, asked) {
			return true
		}
	}
	return false
}
