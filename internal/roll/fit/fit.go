// Package fit packs the tasks of instances that are to go onto those that stay.
//
// In: the container instances of a cluster with what is free there, the tasks on them, and what each wants. Out: for every task
// of a service on an instance that is closed the instance on which ECS would put it now, or what keeps it off all of them. It
// promises nothing: ECS may choose another one among equals. It never lands a task on an instance that drains, does not answer,
// was closed or lacks anything, nor one of which nobody knows what it wants.
package fit

import (
	"cmp"
	"slices"
	"strings"

	"berth/internal/live"
	"berth/internal/placement"
)

// Move is where one task of a service goes.
type Move struct {
	Task  string            // its ARN
	Group string            // "service:web"
	From  string            // EC2's id of the instance that it leaves
	To    string            // EC2's id; empty: it finds none
	Zone  string            // of the instance that it goes to
	Known bool              // false: its task definition could not be read, so it was landed nowhere
	Lacks []placement.Count // where it finds none: what so many instances lack
	Why   string            // where it finds none, in one line
}

// Fits tells whether a task finds an instance.
func (m Move) Fits() bool { return m.To != "" }

// Board is a cluster while tasks move from instance to instance.
type Board struct {
	need      func(live.Task) (placement.Demand, bool)
	instances []live.Instance
	tasks     []live.Task
	seats     []seat
	order     []int32            // of seats, by EC2's ids
	byARN     map[string]int32   // seats
	on        [][]int32          // tasks that are on a seat from the start, by seat
	members   map[string][]int32 // seats of the tasks of a group that are to run, one for each
	kinds     kinds
	wants     map[key]*want
	daemons   []placement.Demand
	guards    []*want // what the first of them want, whose room is kept
	now       tally
	left      map[string]*leaving // by ARN of the instance
}

// seat is an instance with what is free there.
type seat struct {
	cpu, memory, gpus, enis int // that are free, less what is kept for daemons
	keptCPU, keptMemory     int
	kind                    int32
	closed                  bool // it drains, or shall
	open                    bool // it takes tasks
	landed                  []arrival
}

// New looks at a cluster. need tells what a task wants; false: nobody knows.
func New(nodes []live.Instance, tasks []live.Task, need func(live.Task) (placement.Demand, bool)) *Board {
	b := &Board{
		need: need, instances: slices.Clone(nodes), tasks: tasks, byARN: make(map[string]int32, len(nodes)),
		members: map[string][]int32{}, wants: map[key]*want{}, left: map[string]*leaving{}, kinds: newKinds(),
	}
	b.seats, b.on = make([]seat, 0, len(nodes)), make([][]int32, len(nodes))
	b.order = make([]int32, len(nodes))
	for n := range b.instances {
		b.sit(int32(n))
		b.order[n] = int32(n)
	}
	slices.SortFunc(b.order, b.byID)
	b.scatter()
	return b
}

// sit gives an instance its seat.
func (b *Board) sit(n int32) {
	i := &b.instances[n]
	if i.ARN != "" {
		b.byARN[i.ARN] = n
	}
	s := seat{cpu: i.Free.CPU, memory: i.Free.Memory, gpus: i.Free.GPUs, enis: i.Free.ENIs}
	s.open, s.closed = opens(i)
	b.seats = append(b.seats, s)
}

func (b *Board) byID(x, y int32) int {
	return cmp.Or(cmp.Compare(b.instances[x].ID, b.instances[y].ID), cmp.Compare(b.instances[x].ARN, b.instances[y].ARN))
}

// scatter puts the tasks on their seats.
func (b *Board) scatter() {
	seats, counts := make([]int32, len(b.tasks)), make([]int32, len(b.seats))
	for n := range b.tasks {
		at, known := b.byARN[b.tasks[n].Instance]
		if seats[n] = at; !known || b.tasks[n].Last == stopped {
			seats[n] = nobody
			continue
		}
		counts[at]++
	}
	all := make([]int32, len(b.tasks))
	for n, count := range counts {
		b.on[n], all = all[:0:count], all[count:]
	}
	for n, at := range seats {
		if at == nobody {
			continue
		}
		t := &b.tasks[n]
		b.on[at] = append(b.on[at], int32(n))
		members, asked := b.members[t.Group]
		if t.Desired != stopped {
			members = append(members, at)
		}
		b.members[t.Group] = members
		if !asked && isOfService(t) {
			if d, ok := b.need(*t); ok && d.Daemon {
				b.daemons = append(b.daemons, d)
			}
		}
	}
}

const stopped = "STOPPED"

// isOfService tells a task that ECS starts anew elsewhere from one that runs once.
func isOfService(t *live.Task) bool { return strings.HasPrefix(t.Group, "service:") }

// Keep keeps the room of these daemons free wherever one is to be and is not. Those that have tasks anywhere need not be told.
func (b *Board) Keep(daemons ...placement.Demand) {
	for _, d := range daemons {
		if !slices.ContainsFunc(b.daemons, func(o placement.Demand) bool { return o.Group == d.Group }) {
			b.daemons = append(b.daemons, d)
		}
	}
}

// Open adds an instance that nobody runs anything on.
func (b *Board) Open(i live.Instance) {
	n := int32(len(b.instances))
	b.instances, b.on = append(b.instances, i), append(b.on, nil)
	b.sit(n)
	if len(b.kinds.all) > 0 {
		b.seats[n].kind = b.kinds.of(&b.instances[n])
	}
	at, _ := slices.BinarySearchFunc(b.order, n, b.byID)
	b.order = slices.Insert(b.order, at, n)
	for _, w := range b.guards {
		b.reserve(w, n)
	}
	b.now.forget()
}

// Close lets no more tasks land on these container instances.
func (b *Board) Close(arns ...string) {
	for _, arn := range arns {
		if n, known := b.byARN[arn]; known {
			b.seats[n].open, b.seats[n].closed = false, true
		}
	}
}

// Reopen lets tasks land on container instances again that were closed and not moved.
func (b *Board) Reopen(arns ...string) {
	for _, arn := range arns {
		if n, known := b.byARN[arn]; known && b.left[arn] == nil {
			b.seats[n].open, b.seats[n].closed = opens(&b.instances[n])
		}
	}
}

// opens tells whether an instance takes tasks, or drains.
func opens(i *live.Instance) (open, closed bool) {
	return i.ARN != "" && i.Status == "ACTIVE" && i.Connected, i.Status == "DRAINING"
}

// Move closes a container instance and lands the tasks of services that are to run there on others, one service after the other,
// with those that came by earlier moves.
// Daemons stay, and so does what runs once: ECS starts neither anew elsewhere. Said again it does nothing.
func (b *Board) Move(arn string) []Move {
	n, known := b.byARN[arn]
	if !known || b.left[arn] != nil {
		return nil
	}
	b.prepare()
	l := &leaving{open: b.seats[n].open, closed: b.seats[n].closed}
	b.left[arn] = l
	b.Close(arn)
	for _, at := range b.on[n] {
		t := &b.tasks[at]
		if !isOfService(t) || t.Desired == stopped {
			continue
		}
		if w := b.want(t); !w.demand.Daemon {
			l.tasks = append(l.tasks, departure{task: t, want: w, to: nobody})
		}
	}
	for _, a := range b.seats[n].landed {
		l.tasks = append(l.tasks, departure{task: a.task, want: a.want, to: nobody, again: true})
	}
	slices.SortFunc(l.tasks, func(x, y departure) int {
		return cmp.Or(cmp.Compare(x.task.Group, y.task.Group), cmp.Compare(x.task.ARN, y.task.ARN), cmp.Compare(x.task.ID, y.task.ID))
	})
	for k := range l.tasks {
		if d := &l.tasks[k]; d.again {
			b.takeBack(d, n)
		} else {
			b.count(d.task.Group, n, -1)
		}
	}
	out := make([]Move, len(l.tasks))
	for k := range l.tasks {
		out[k] = b.land(&l.tasks[k])
		out[k].From = b.instances[n].ID
	}
	return out
}

// Try is Move for an instance all of whose tasks find another one; otherwise nothing changes, and it is false.
func (b *Board) Try(arn string) ([]Move, bool) {
	_, before := b.left[arn]
	out := b.Move(arn)
	if before || !slices.ContainsFunc(out, func(m Move) bool { return !m.Fits() }) {
		return out, true
	}
	b.Back(arn)
	return out, false
}

// Back undoes the latest Move: the tasks are where they were, and the instance takes others again if it did before.
func (b *Board) Back(arn string) {
	l, n := b.left[arn], b.byARN[arn]
	if l == nil {
		return
	}
	delete(b.left, arn)
	b.seats[n].open, b.seats[n].closed = l.open, l.closed
	for _, d := range slices.Backward(l.tasks) {
		if d.to != nobody {
			b.takeBack(&d, d.to)
		}
	}
	for _, d := range l.tasks {
		if d.again {
			b.take(&d, n)
		} else {
			b.count(d.task.Group, n, 1)
		}
	}
}

// leaving is an instance whose tasks have gone.
type leaving struct {
	open, closed bool // what it was before
	tasks        []departure
}

// departure is a task that has gone, with the seat that it went to.
type departure struct {
	task  *live.Task
	want  *want
	to    int32
	again bool // it had come there by another move
}

// arrival is a task that a move has put on a seat.
type arrival struct {
	task *live.Task
	want *want
}

const nobody int32 = -1
