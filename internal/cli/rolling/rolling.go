// Package rolling is the verb that replaces the instances of a cluster: roll, and what is below it.
//
// In: the command line, and the program around it as a Tool. Out: what would be done, how far it is and what came of it, and the
// exit code that says so. It decides nothing about an instance.
package rolling

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/cli/screen"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/plan"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
	"berth/internal/sim"
)

// Tool is what the verb needs of the program around it.
type Tool struct {
	With    func(context.Context, func(Cluster) error) error // opens the cluster of the file
	Confirm func(ctx context.Context, command string, impact plan.Impact) error
	Print   func(text string) error
	Data    func(b []byte, err error) error
	Say     func(format string, args ...any)
	Style   func(toStdout bool) ink.Style
	JSON    func() bool
	Mode    func() frame.Mode // how progress is shown
	Asks    func() bool       // somebody can be asked
	Verbose func() bool
	Flags   func() string // those that name the cluster, for commands to be copied
	Place   func() problem.Place
	Args    cobra.PositionalArgs
	Verbs   func(*cobra.Command, []string) error // refuses a verb that is not below this one

	Yes         func() bool
	AllowOutage func() bool
}

// Cluster is a cluster that is open.
type Cluster struct {
	drive.Cluster

	Who    lease.Holder
	Screen *screen.Screen
	Pace   func(usual time.Duration)
	Calls  func() int
	Talk   func() io.Writer                                 // beside the data
	Count  func(context.Context) (count sim.Count, ok bool) // of requests, where AWS is simulated
}
