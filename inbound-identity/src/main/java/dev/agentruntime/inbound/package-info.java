/**
 * Who calls, where it is not the server's own tokens that say so: signatures of access keys (AWS Signature Version 4), and tokens of
 * the issuer that one agent runtime trusts.
 */
package dev.agentruntime.inbound;
