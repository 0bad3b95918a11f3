package bench

import (
	"context"
	"net"
	"sync"
)

// pipes is a network in memory: a listener, and the way to it. Unlike sockets it works in a bubble of fake time.
type pipes struct {
	arriving chan net.Conn
	closed   chan struct{}
	close    func()
}

func newPipes() *pipes {
	p := &pipes{arriving: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

// Accept waits for the next connection.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.arriving:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close lets nobody in any more.
func (p *pipes) Close() error {
	p.close()
	return nil
}

// Addr is nobody's.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dial connects, wherever to.
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.arriving <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
