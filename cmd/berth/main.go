// Command berth makes highly available Amazon ECS clusters on EC2 out of one small file.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"berth/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks to stop; from then on the next one kills
	os.Exit(cli.Run(ctx, cli.ThisProcess()))
}
