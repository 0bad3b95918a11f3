// Package hear turns what AWS says of a cluster into signals.
//
// In: an event as EventBridge put it into the queue, or a look at the cluster. Out: watch.Signals with the codes and the words of
// package diagnose, and nothing for what is normal: deployments, scaling, somebody's own hand. It believes no event that is of
// another cluster, never fails by one, and everything that it hands on is bounded in length. Texts of AWS stay as they came:
// whoever shows them takes out what could do harm.
package hear
